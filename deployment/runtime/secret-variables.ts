/** A function's secrets: read once in a cold start, into the environment, where the code looks for them (T3). */
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { z } from "zod";
import { placeGoogleKey } from "./google-key.ts";

const Places = z.record(z.string(), z.strictObject({ arn: z.string().min(1), field: z.string().min(1) }));
const Fields = z.record(z.string(), z.unknown());

/** Changes the environment that it is given. Rejects with a sentence that names the secret and never shows a value. */
export async function readSecretVariables(environment: NodeJS.ProcessEnv): Promise<void> {
  const { SECRET_VARIABLES: text } = environment;
  if (text === undefined) return;
  const places = Object.entries(Places.parse(JSON.parse(text)));
  const client = new SecretsManagerClient({});
  try {
    const arns = [...new Set(places.map(([, { arn }]) => arn))];
    const values = new Map(await Promise.all(arns.map(async (arn) => [arn, await fieldsOf(client, arn)] as const)));
    for (const [variable, { arn, field }] of places) {
      const value = values.get(arn)?.[field];
      if (typeof value !== "string" || value === "")
        throw new Error(`The secret ${arn} has no text in ${field}, which ${variable} needs. Put it there.`);
      environment[variable] = value;
    }
  } finally {
    client.destroy();
  }
  placeGoogleKey(environment);
}

async function fieldsOf(client: SecretsManagerClient, arn: string): Promise<Record<string, unknown>> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  try {
    return Fields.parse(JSON.parse(SecretString ?? ""));
  } catch {
    // The parser's own words would quote what it read.
    throw new Error(`The secret ${arn} is no JSON object. Write it as docs/deployment.md says.`);
  }
}
