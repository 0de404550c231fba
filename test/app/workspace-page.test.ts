/** Can somebody follow docs/workspace.md word for word: are its messages the app's own, its files read, its settings known? */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ErrorCode, WebAPIPlatformError } from "@slack/web-api";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { openCsvSource, type CsvSource } from "../../src/agents/crm/csv/csv-source.ts";
import { createLocalAgents } from "../../src/agents/local/local-agents.ts";
import { parseConfiguration } from "../../src/app/configuration.ts";
import { readSettings, type Environment } from "../../src/app/settings.ts";
import { startError } from "../../src/bot/start-error.ts";
import { loadTemplates } from "../../src/notify/templates/templates.ts";

const root = join(import.meta.dirname, "../..");
const page = await readFile(join(root, "docs/workspace.md"), "utf8");

function block(language: string): string {
  const found = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "m").exec(page)?.[1];
  if (found === undefined) throw new Error(`no block of ${language}`);
  return found;
}

function problems(environment: Environment): string[] {
  const read = readSettings(environment);
  return read.ok ? [] : read.problems;
}

/** What the app can say: its source as it stands, and those sentences that it puts together from parts. */
async function sayings(): Promise<string> {
  const files = await readdir(join(root, "src"), { recursive: true });
  const code = files.filter((file) => file.endsWith(".ts")).map((file) => readFile(join(root, "src", file), "utf8"));
  const error = new WebAPIPlatformError({ ok: false, error: "invalid_auth", response_metadata: {} });
  expect(error.code).toBe(ErrorCode.PlatformError);
  const settings = ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"] as const;
  return [
    ...(await Promise.all(code)),
    ...settings.map((setting) => startError({ error, setting, apiUrl: null }).message),
    ...problems({ SLACK_BOT_TOKEN: "xoxb-1" }),
    ...problems({ SLACK_BOT_TOKEN: "xapp-1", SLACK_APP_TOKEN: "xapp-1" }),
  ].join("\n");
}

/** The quoted messages of the tables, each in its fixed parts: `…` stands for what differs. */
function quoted(): string[] {
  const firstCells = [...page.matchAll(/^\| ([^|]+) \|/gm)].map((match) => match[1] ?? "");
  const messages = firstCells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ""));
  return messages.filter((message) => message.includes(" "));
}

test("every message that the page quotes is one that the app says", async () => {
  const said = await sayings();
  const messages = quoted();
  expect(messages.length).toBeGreaterThan(15);
  const parts = messages.flatMap((message) =>
    message
      // What stands in brackets is Slack's own word.
      .split(/…|\(…\)/)
      .map((part) => part.trim())
      .filter((part) => /[a-z]/i.test(part)),
  );
  expect(parts.filter((part) => !said.includes(part))).toEqual([]);
});

test("its revops.yml is read", () => {
  const file = block("yaml");
  expect(parseConfiguration({ file: "revops.yml", text: file })).toMatchObject(parse(file));
});

test("its customer is read, and is at risk on a day on which its dates are fresh", async () => {
  const folder = await mkdtemp(join(tmpdir(), "workspace-page-"));
  try {
    for (const [, path = "", text = ""] of page.matchAll(/^`customers\/(\w+\.csv)`\n\n```\n([^]*?)^```$/gm))
      await writeFile(join(folder, path), text);
    const source = await openCsvSource({ folder });
    expect(source.files.map(({ file, used, leftOut }) => [file, used, leftOut])).toEqual([
      ["customers.csv", 1, 0],
      ["usage.csv", 1, 0],
    ]);
    expect(await riskScore(source)).toBeGreaterThan(0.7);
  } finally {
    await rm(folder, { recursive: true });
  }
});

async function riskScore(source: CsvSource): Promise<number> {
  const { agents, customers } = createLocalAgents({ source, templates: await loadTemplates() });
  const context = {
    executionId: "e",
    stepId: "s",
    idempotencyKey: "e/s",
    attempt: 1,
    timezone: "UTC",
    variables: {},
    now: Date.parse("2026-11-26T12:00:00Z"),
  };
  const signal = new AbortController().signal;
  const request = { parameters: {}, customer: await customers.get({ customerId: "C-1" }), context, signal };
  const action = "retrieve_customer_data";
  const data = await agents.data_agent.invoke({ ...request, action, outputs: [] });
  const outputs = [{ stepId: "data", action, output: data.output }];
  const risk = await agents.decision_agent.invoke({ ...request, action: "assess_renewal_risk", outputs });
  return z.object({ risk_score: z.number() }).parse(risk.output).risk_score;
}

test("its settings start a workspace, over the socket and over HTTP", () => {
  const exported = [...page.matchAll(/\b([A-Z_]+)=([^\s`]+)/g)].map(
    ([, name = "", value = ""]) => [name, value] as const,
  );
  const environment = Object.fromEntries(exported.filter(([name]) => /^(?:SLACK|REVOPS)_/.test(name)));
  expect(Object.keys(environment)).toEqual(
    expect.arrayContaining(["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "REVOPS_CRM"]),
  );
  const { SLACK_SIGNING_SECRET: secret, SLACK_APP_TOKEN: appToken, ...shared } = environment;
  const socket = readSettings({ ...shared, SLACK_APP_TOKEN: appToken });
  const http = readSettings({ ...shared, SLACK_SIGNING_SECRET: secret });
  expect(socket.ok && socket.settings.slack.kind).toBe("socket");
  expect(http.ok && http.settings.slack.kind).toBe("http");
});

test("its links lead to files", async () => {
  const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? "");
  expect(links.length).toBeGreaterThan(2);
  await Promise.all(links.map((link) => readFile(join(root, "docs", link))));
});
