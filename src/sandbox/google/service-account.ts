/** The service account that the sandbox hands out: its key is made once and stored. */
import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import type { SettingsStore } from "../store/settings-store.ts";

const generate = promisify(generateKeyPair);
const keySetting = "google_private_key";

/** As in a key file from Google's console. */
export interface ServiceAccountKey {
  type: "service_account";
  project_id: string;
  private_key_id: string;
  private_key: string;
  client_email: string;
  client_id: string;
  token_uri: string;
}

export const serviceAccountEmail = "revops-flows@sandbox.iam.gserviceaccount.com";

export async function readPrivateKey(settings: SettingsStore): Promise<string> {
  const stored = settings.get(keySetting);
  if (stored !== null) return stored;
  const { privateKey } = await generate("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  settings.set(keySetting, privateKey);
  return privateKey;
}

export function serviceAccountKey(privateKey: string, tokenUri: string): ServiceAccountKey {
  return {
    type: "service_account",
    project_id: "sandbox",
    private_key_id: "sandbox",
    private_key: privateKey,
    client_email: serviceAccountEmail,
    client_id: "100000000000000000000",
    token_uri: tokenUri,
  };
}
