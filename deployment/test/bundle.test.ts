/** The functions as they are deployed: with what a customer has of its own, and secrets from a stand-in of Secrets Manager. */
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { ownActions } from "../../scripts/lambda/own-actions.ts";
import { Json } from "../../src/flow/json.ts";
import type { Bundles } from "../../scripts/lambda/bundle.ts";
import { bundledProject, type BundledProject } from "./bundled-project.ts";

const run = promisify(execFile);
const secret = "xoxb-never-to-be-seen";
let project: BundledProject;
let answer = "";
const server = createServer((_, response) => {
  response
    .writeHead(200, { "content-type": "application/x-amz-json-1.1" })
    .end(JSON.stringify({ SecretString: answer }));
});
let port = 0;

beforeAll(async () => {
  project = await bundledProject();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The stand-in listens on no port.");
  ({ port } = address);
});

afterAll(async () => {
  server.close();
  await project.close();
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
    const { stdout, stderr } = await run(process.execPath, words, { cwd: project.bundles[name], env });
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    return { code: 1, said: String(error) };
  }
}

test("a secret that is no JSON is named, and never shown", async () => {
  answer = secret;
  const { code, said } = await started("actions");
  expect(code).toBe(1);
  expect(said).toContain("The secret arn:slack is no JSON object.");
  expect(said).not.toContain(secret);
});

test("a field that nobody filled in is named with its variable", async () => {
  answer = JSON.stringify({ bot_token: secret });
  const { code, said } = await started("effects");
  expect(code).toBe(1);
  expect(said).toContain("has no text in signing_secret, which SLACK_SIGNING_SECRET needs");
  expect(said).not.toContain(secret);
});

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

test("a flow with an action of one's own, asked of the functions as they are deployed", async () => {
  const health = project.machine("health", "h1");
  const [begun, refused, scored] = await project.asked([
    health.begin({ customer_id: "acme" }),
    health.step("score_less", { nps: -1 }),
    health.step("score", { nps: 40 }),
  ]);
  expect(begun).toHaveProperty("answer.roots.customer.id", "acme");
  expect(refused).toEqual({ name: "Input.Invalid", message: "An NPS below nothing." });
  expect(scored).toEqual({
    answer: { state: "done", output: { health: 20, who: "Customer acme" }, effects: 0 },
  });
});

test("a digest that doesn't know what the last one said, since no engine runs in a function", async () => {
  const parameters = { flow: "weekly" };
  const first = project.machine("weekly", "w1");
  const [, told] = await project.asked([first.begin({}), first.step("roll_up", parameters)]);
  const { answer } = z.object({ answer: z.object({ output: Json }) }).parse(told);
  const rolledUp = { status: "succeeded", output: answer.output, effects: 0 };
  await project.customers(["acme", "beta"]);
  const second = project.machine("weekly", "w2");
  const said = await project.asked([
    first.end({ roll_up: rolledUp }),
    second.begin({}),
    second.step("roll_up", parameters),
  ]);
  expect(JSON.stringify(said)).toContain("2 renewals, $2,000 · none at risk · last week: 1 renewals, $1,000");
});

test("a function holds what it doesn't read, or lacks what it does", () => {
  for (const folder of Object.values(project.bundles))
    expect(readdirSync(folder).toSorted()).toEqual(["assets", "index.mjs", "revops.yml", "templates"]);
});

test.each([
  ["import.meta", 'export const text = read(new URL("x.txt", import.meta.url));', /import\.meta is another place/],
  ["__dirname", "export const text = read(__dirname);", /__dirname is another place in the functions/],
])("an own action that reads a file beside itself: %s", async (word, line, sentence) => {
  const { file, ...found } = await refusalOf(`declare const read: (at: unknown) => string;\n${line}\n`);
  expect(found).toEqual({ line: 2, column: line.indexOf(word), text: expect.stringMatching(sentence) });
  expect(file).toBe(own);
});

test("an own action that imports what the bot's image doesn't have", async () => {
  await project.copy.write({ "lib/half.ts": "export const half = 0.5;\n" });
  const found = await refusalOf('export { half } from "../lib/half.ts";\n');
  expect(found).toMatchObject({ file: "lib/half.ts", line: 1, text: expect.stringMatching(/move it there$/) });
});

const own = "actions/refused.ts";

async function refusalOf(text: string) {
  await project.copy.write({ [own]: text });
  const { folder: root } = project.copy;
  const failed: unknown = await build({
    absWorkingDir: root,
    entryPoints: [own],
    bundle: true,
    write: false,
    logLevel: "silent",
    plugins: [ownActions({ root })],
  }).catch((error: unknown) => error);
  const { errors } = z.object({ errors: z.tuple([Refusal]) }).parse(failed);
  return { text: errors[0].text, ...errors[0].location };
}

const Refusal = z.object({
  text: z.string(),
  location: z.object({ file: z.string(), line: z.number(), column: z.number() }),
});
