/** The functions as they are deployed: bundled from `src`, started with secrets from a stand-in of Secrets Manager. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleFunctions, type Bundles } from "../lib/bundle.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const secret = "xoxb-never-to-be-seen";
let folder = "";
let bundles: Bundles;
let answer = "";
const server = createServer((_, response) => {
  response
    .writeHead(200, { "content-type": "application/x-amz-json-1.1" })
    .end(JSON.stringify({ SecretString: answer }));
});
let port = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "revops-functions-"));
  bundles = await bundleFunctions({ root, into: folder });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The stand-in listens on no port.");
  ({ port } = address);
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

async function started(name: keyof Bundles): Promise<{ code: number; said: string }> {
  const places = {
    SLACK_BOT_TOKEN: { arn: "arn:slack", field: "bot_token" },
    SLACK_SIGNING_SECRET: { arn: "arn:slack", field: "signing_secret" },
  };
  const code = `const { handler } = await import("./index.mjs"); console.log(typeof handler); process.exit(0);`;
  const env = {
    PATH: process.env["PATH"],
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${port}`,
    REVOPS_STATE: "dynamodb:revops",
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}`,
    REVOPS_CRM: "csv:nowhere",
    SECRET_VARIABLES: JSON.stringify(places),
  };
  const words = ["--input-type=module", "-e", code];
  try {
    const { stdout, stderr } = await run(process.execPath, words, { cwd: bundles[name], env });
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    return { code: 1, said: String(error) };
  }
}

test.each(["actions", "effects"] as const)("%s: a secret that is no JSON is named, and never shown", async (name) => {
  answer = secret;
  const { code, said } = await started(name);
  expect(code).toBe(1);
  expect(said).toContain("The secret arn:slack is no JSON object.");
  expect(said).not.toContain(secret);
});

test.each(["actions", "effects"] as const)(
  "%s: a field that nobody filled in is named with its variable",
  async (name) => {
    answer = JSON.stringify({ bot_token: secret });
    const { code, said } = await started(name);
    expect(code).toBe(1);
    expect(said).toContain("has no text in signing_secret, which SLACK_SIGNING_SECRET needs");
    expect(said).not.toContain(secret);
  },
);

test.each(["actions", "effects"] as const)(
  "%s: with its secrets, the code goes on to what the app itself checks",
  async (name) => {
    answer = JSON.stringify({ bot_token: secret, signing_secret: "s" });
    const { code, said } = await started(name);
    expect(code).toBe(1);
    expect(said).toMatch(/nowhere/);
    expect(said).not.toContain(secret);
  },
);
