/**
 * Google's client, loaded on first use (its calendar part alone). Where the root address is replaced, the token comes from there
 * too: Google's library has its token address built in, and a stand-in must not make it call the real one.
 */
import { readFile } from "node:fs/promises";
import type { calendar_v3 } from "googleapis/build/src/apis/calendar/index.js";
import { z } from "zod";
import { FailureError } from "../../flow/failure.ts";

const scopes = ["https://www.googleapis.com/auth/calendar.events", "https://www.googleapis.com/auth/calendar.freebusy"];
/** Of one request; the token's has no signal of its own. */
const timeoutMs = 10_000;
const tokenOrigin = "https://oauth2.googleapis.com";

/** Of a service account's key file. */
export const ServiceAccount = z.object({
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  private_key_id: z.string().optional(),
});
export type ServiceAccount = z.infer<typeof ServiceAccount>;

export interface GoogleClientOptions {
  /** The key itself, or the file that holds it. */
  credentials?: ServiceAccount;
  keyFile?: string;
  /** The user in whose name events are made: a service account alone may not invite anybody. */
  subject?: string | null;
  /** In place of `https://www.googleapis.com/`. */
  rootUrl?: string | null;
}

export async function createGoogleClient(options: GoogleClientOptions): Promise<calendar_v3.Calendar> {
  const account = await serviceAccount(options);
  const { auth, calendar } = await import("googleapis/build/src/apis/calendar/index.js");
  const rootUrl = options.rootUrl ?? null;
  const jwt = new auth.JWT({
    email: account.client_email,
    key: account.private_key,
    scopes,
    ...(account.private_key_id === undefined ? {} : { keyId: account.private_key_id }),
    ...(options.subject ? { subject: options.subject } : {}),
    transporterOptions: {
      timeout: timeoutMs,
      ...(rootUrl === null ? {} : { fetchImplementation: fetchFrom(rootUrl) }),
    },
  });
  return calendar({ version: "v3", auth: jwt, retry: false, ...(rootUrl === null ? {} : { rootUrl }) });
}

async function serviceAccount({ credentials, keyFile }: GoogleClientOptions): Promise<ServiceAccount> {
  if (credentials !== undefined) return credentials;
  if (keyFile === undefined) throw refused("No key for Google Calendar is set. Set GOOGLE_APPLICATION_CREDENTIALS.");
  return readServiceAccount(keyFile);
}

/** Throws `FailureError` (`Effect.Refused`). */
export async function readServiceAccount(keyFile: string): Promise<ServiceAccount> {
  try {
    return ServiceAccount.parse(JSON.parse(await readFile(keyFile, "utf8")));
  } catch {
    // T3: what the parser says would quote the key.
    throw refused(`${keyFile} is no readable key file of a service account. Check GOOGLE_APPLICATION_CREDENTIALS.`);
  }
}

function fetchFrom(rootUrl: string): typeof fetch {
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return fetch(url.origin === tokenOrigin ? new URL(`${url.pathname}${url.search}`, rootUrl) : input, init);
  };
}

function refused(cause: string): FailureError {
  return new FailureError({ error: "Effect.Refused", cause });
}
