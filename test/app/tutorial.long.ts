/** Is docs/tutorial.md true to the letter? Everything on it is done in its order, by the real terminal beside the real app. */
import { spawn, type ChildProcess } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { actionIds } from "../../src/notify/slack/action-ids.ts";
import { tokenize } from "../../src/bot/listeners/commands/tokenize.ts";
import { Page } from "../sandbox/sandbox-harness.ts";
import { actsOf, escaped, patternOf, plainly, type Act } from "./page-acts.ts";
import { root, text } from "./page.ts";

/** A machine may be busy otherwise. */
const patient = { timeout: 60_000, interval: 50 };

/** Within the repository, where the package knows its own name. */
let folder = "";
let port = 0;
let app: ChildProcess | null = null;
let appSaid = "";

beforeAll(async () => {
  folder = await mkdtemp(join(import.meta.dirname, ".tutorial-"));
  await cp(join(root, "flows"), join(folder, "flows"), { recursive: true });
  port = await freePort();
});
afterAll(async () => {
  const running = app;
  if (running !== null && running.exitCode === null) {
    const ended = new Promise((resolve) => running.once("close", resolve));
    running.kill("SIGKILL");
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
});

it("each step of docs/tutorial.md does what stands there", async () => {
  const acts = actsOf(await text("docs/tutorial.md"));
  expect(acts.length).toBeGreaterThan(30);
  for (const act of acts) await perform(act);
});

async function perform(act: Act): Promise<void> {
  switch (act.kind) {
    case "write":
      await mkdir(dirname(join(folder, act.path)), { recursive: true });
      return writeFile(join(folder, act.path), act.body);
    case "change":
      return change(act);
    case "run":
      return act.command === "npm start" ? start(act.said ?? "") : run(act);
    case "app says":
      return appSays(act.said.trimEnd());
    case "slack":
      for (const line of act.lines) await inSlack(line);
      return;
    default:
      return act satisfies never;
  }
}

async function appSays(said: string): Promise<void> {
  await expect.poll(() => appSaid, patient).toContain(said);
}

async function change({ path, hunks }: Extract<Act, { kind: "change" }>): Promise<void> {
  let file = await readFile(join(folder, path), "utf8");
  for (const { before, after } of hunks) {
    if (file.split(before).length !== 2) throw new Error(`this doesn't stand once in ${path}:\n${before}`);
    file = file.replace(before, () => after);
  }
  await writeFile(join(folder, path), file);
}

const environment = () => ({ PATH: process.env["PATH"], PORT: String(port), NO_COLOR: "1" });

async function run({ command, exitCode, said }: Extract<Act, { kind: "run" }>): Promise<void> {
  const tokens = tokenize(command);
  const [npx, revops, ...args] = tokens === "unclosed" ? [] : tokens.map((token) => token.text);
  if (npx !== "npx" || revops !== "revops") throw new Error(`this can't be run here: ${command}`);
  const child = spawn(process.execPath, [join(root, "bin/revops.mjs"), ...args], {
    cwd: folder,
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (part: string) => (out += part));
  const code = await new Promise((resolve) => child.once("close", resolve));
  // All that differs on the page is told at once.
  expect.soft({ command, code, out: plainly(out) }).toEqual({
    command,
    code: exitCode,
    out: said === null ? expect.any(String) : expect.stringMatching(patternOf(said)),
  });
}

async function start(said: string): Promise<void> {
  const child = spawn(process.execPath, [join(root, "src/main.ts")], {
    cwd: folder,
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  app = child;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (part: string) => (appSaid += part));
  await expect.poll(() => plainly(appSaid), patient).toMatch(patternOf(said));
}

async function inSlack(line: string): Promise<void> {
  const page = new Page(`http://127.0.0.1:${port}`);
  const pressed = /^(.+) presses Approve$/.exec(line)?.[1];
  if (pressed !== undefined) return approve(page, pressed);
  const [, who = "", channelName = "", words = ""] = /^(.+) in #(\w+): (.+)$/.exec(line) ?? [];
  const channel = await page.channel(channelName);
  return who === "RevOps" ? posted(page, channel, words) : say(page, { who, channel, words });
}

async function posted(page: Page, channel: string, words: string): Promise<void> {
  const pattern = new RegExp(words.split("…").map(escaped).join(".*"));
  const lead = await idOf(page, "Morgan Lee");
  await expect.poll(async () => (await page.texts(channel, lead)).join("\n"), patient).toMatch(pattern);
}

async function say(
  page: Page,
  { who, channel, words }: { who: string; channel: string; words: string },
): Promise<void> {
  const as = await idOf(page, who);
  expect(await page.say({ as, channel, text: words })).toMatchObject({ ok: true });
}

/** On the newest card that can be approved. */
async function approve(page: Page, who: string): Promise<void> {
  const as = await idOf(page, who);
  const channel = await page.channel("renewals");
  const cards = (await page.messages(channel, as)).filter(({ blocks }) =>
    JSON.stringify(blocks).includes(`"action_id":"${actionIds.approve}"`),
  );
  const message = cards.at(-1);
  if (message === undefined) throw new Error(`no card waits for ${who}`);
  expect(await page.press({ as, message, actionId: actionIds.approve })).toMatchObject({ ok: true });
}

async function idOf(page: Page, name: string): Promise<string> {
  const { users } = await page.state();
  const found = users.find((user) => user.name === name);
  if (found === undefined) throw new Error(`nobody is called ${name}`);
  return found.id;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
