/**
 * Google's token endpoint for service accounts: a signed assertion in, an access token out. Real time throughout.
 * A token says by itself whose it is and until when, under a seal: Google's library keeps one for its whole hour and shows
 * it again after the sandbox was restarted.
 */
import { createHmac, createPublicKey, timingSafeEqual, verify, type KeyObject } from "node:crypto";
import { z } from "zod";
import type { Fields } from "../slack/problems.ts";
import { serviceAccountEmail } from "./service-account.ts";

const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/** Google's library signs this audience, wherever it then sends the assertion. */
const GOOGLE_AUDIENCE = "https://oauth2.googleapis.com/token";
const LIFE_SECONDS = 3_599;
const SKEW_SECONDS = 300;
const LONGEST_LIFE_SECONDS = 3_600;

const assertionHeader = z.object({ alg: z.literal("RS256") });
const assertionClaims = z.object({
  iss: z.string(),
  aud: z.string(),
  iat: z.number(),
  exp: z.number(),
  scope: z.union([z.string(), z.array(z.string())]).optional(),
  sub: z.string().optional(),
});

const tokenContent = z.object({ subject: z.string(), expiresAt: z.number() });

export class AccessTokens {
  readonly #privateKey: string;
  readonly #publicKey: KeyObject;
  readonly #tokenUri: () => string;
  readonly #realNow: () => number;

  constructor(options: { privateKey: string; tokenUri: () => string; realNow: () => number }) {
    this.#privateKey = options.privateKey;
    this.#publicKey = createPublicKey(options.privateKey);
    this.#tokenUri = options.tokenUri;
    this.#realNow = options.realNow;
  }

  /** Google's answer to `POST /token`. */
  answer(form: Fields): { status: number; body: Fields } {
    if (form["grant_type"] !== GRANT)
      return refusal("unsupported_grant_type", `Invalid grant_type: ${String(form["grant_type"])}`);
    const claims = this.#verified(form["assertion"]);
    if (claims === null) return refusal("invalid_grant", "Invalid JWT Signature.");
    const problem = this.#claimProblem(claims);
    if (problem !== null) return refusal("invalid_grant", problem);
    const accessToken = this.#make(claims.sub ?? claims.iss);
    return { status: 200, body: { access_token: accessToken, expires_in: LIFE_SECONDS, token_type: "Bearer" } };
  }

  /** Whose token it is; null: none that is valid. */
  subjectOf(authorization: string | undefined): string | null {
    const [, content = "", seal = ""] = /^Bearer\s+ya29\.([\w-]+)\.([\w-]+)$/i.exec(authorization ?? "") ?? [];
    const expected = Buffer.from(this.#seal(content));
    const given = Buffer.from(seal);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    const { subject, expiresAt } = tokenContent.parse(decode(content));
    return expiresAt < this.#realNow() ? null : subject;
  }

  #verified(assertion: unknown): z.infer<typeof assertionClaims> | null {
    const [header = "", claims = "", signature = ""] = (typeof assertion === "string" ? assertion : "").split(".");
    if (!assertionHeader.safeParse(decode(header)).success) return null;
    const signed = Buffer.from(`${header}.${claims}`);
    if (!verify("RSA-SHA256", signed, this.#publicKey, Buffer.from(signature, "base64url"))) return null;
    return assertionClaims.safeParse(decode(claims)).data ?? null;
  }

  #claimProblem({ iss, aud, iat, exp }: z.infer<typeof assertionClaims>): string | null {
    const now = this.#realNow() / 1_000;
    if (iss !== serviceAccountEmail) return "Invalid issuer: Not a valid service account email.";
    if (aud !== GOOGLE_AUDIENCE && aud !== this.#tokenUri()) return "Failed audience check.";
    const isTimely = iat <= now + SKEW_SECONDS && exp >= now - SKEW_SECONDS && exp - iat <= LONGEST_LIFE_SECONDS;
    return isTimely
      ? null
      : "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.";
  }

  #make(subject: string): string {
    const expiresAt = this.#realNow() + LIFE_SECONDS * 1_000;
    const content = Buffer.from(JSON.stringify({ subject, expiresAt })).toString("base64url");
    return `ya29.${content}.${this.#seal(content)}`;
  }

  #seal(content: string): string {
    return createHmac("sha256", this.#privateKey).update(content).digest("base64url");
  }
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString());
  } catch {
    return null;
  }
}

function refusal(error: string, description: string): { status: number; body: Fields } {
  return { status: 400, body: { error, error_description: description } };
}
