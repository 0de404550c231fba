/**
 * Google's token endpoint for service accounts: a signed assertion in, an access token out. Real time throughout.
 * Tokens live in memory: a client that meets a 401 asks for a new one.
 */
import { verify, type KeyObject } from "node:crypto";
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

export class AccessTokens {
  readonly #options: {
    publicKey: KeyObject;
    tokenUri: () => string;
    realNow: () => number;
    randomHex: (bytes: number) => string;
  };
  readonly #tokens = new Map<string, { expiresAt: number; subject: string }>();

  constructor(options: {
    publicKey: KeyObject;
    tokenUri: () => string;
    realNow: () => number;
    randomHex: (bytes: number) => string;
  }) {
    this.#options = options;
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
    const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
    const found = this.#tokens.get(token);
    return found === undefined || found.expiresAt < this.#options.realNow() ? null : found.subject;
  }

  #verified(assertion: unknown): z.infer<typeof assertionClaims> | null {
    const [header = "", claims = "", signature = ""] = (typeof assertion === "string" ? assertion : "").split(".");
    if (!assertionHeader.safeParse(decode(header)).success) return null;
    const signed = Buffer.from(`${header}.${claims}`);
    if (!verify("RSA-SHA256", signed, this.#options.publicKey, Buffer.from(signature, "base64url"))) return null;
    return assertionClaims.safeParse(decode(claims)).data ?? null;
  }

  #claimProblem({ iss, aud, iat, exp }: z.infer<typeof assertionClaims>): string | null {
    const now = this.#options.realNow() / 1_000;
    if (iss !== serviceAccountEmail) return "Invalid issuer: Not a valid service account email.";
    if (aud !== GOOGLE_AUDIENCE && aud !== this.#options.tokenUri()) return "Failed audience check.";
    const isTimely = iat <= now + SKEW_SECONDS && exp >= now - SKEW_SECONDS && exp - iat <= LONGEST_LIFE_SECONDS;
    return isTimely
      ? null
      : "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.";
  }

  #make(subject: string): string {
    const now = this.#options.realNow();
    for (const [token, { expiresAt }] of this.#tokens) if (expiresAt < now) this.#tokens.delete(token);
    const token = `ya29.sandbox-${this.#options.randomHex(20)}`;
    this.#tokens.set(token, { expiresAt: now + LIFE_SECONDS * 1_000, subject });
    return token;
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
