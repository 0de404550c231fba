/**
 * The process itself: does a start that can't work end with one plain sentence and code 1, does one that can print the address
 * that it has, and does a signal end it in order?
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Page } from "../sandbox/sandbox-harness.ts";

const root = join(import.meta.dirname, "../..");
/** A machine may be busy otherwise. */
const timeout = 60_000;

let folder = "";
const living = new Set<ChildProcess>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "main-"));
});
afterEach(async () => {
  for (const child of living) child.kill("SIGKILL");
  await Promise.all([...living].map((child) => new Promise((resolve) => child.once("close", resolve))));
  await rm(folder, { recursive: true, force: true });
});

type Environment = Readonly<Record<string, string>>;

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

interface Started {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Both streams, so far. */
  said: { stdout: string; stderr: string };
}

/** In a folder of its own, with nothing but these settings; the project's flows, unless they say otherwise. */
function begin(environment: Environment): Started {
  const child = spawn(process.execPath, [join(root, "src/main.ts")], {
    cwd: folder,
    env: { PATH: process.env["PATH"], PORT: "0", REVOPS_FLOWS: join(root, "flows"), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  living.add(child);
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (code, signal) => {
      living.delete(child);
      resolve({ code, signal, ...said });
    });
  });
  return { child, ended, said };
}

function run(environment: Environment): Promise<Ended> {
  return begin(environment).ended;
}

const addressed = /^RevOps Flows sandbox: (http:\S+)\n$/;

/** Until it has told its address. */
async function started(environment: Environment): Promise<Started & { url: string }> {
  const life = begin(environment);
  const { said, child } = life;
  await expect.poll(() => said.stdout !== "" || !living.has(child), { timeout, interval: 20 }).toBe(true);
  expect(said).toMatchObject({ stdout: expect.stringMatching(addressed) });
  return { ...life, url: addressed.exec(said.stdout)?.[1] ?? "" };
}

const stack = /^\s+at .+:\d+:\d+\)?$/m;

describe("a start that can't work ends with code 1 and says why", () => {
  it.each<[string, Environment, RegExp]>([
    [
      "half a group",
      { SLACK_BOT_TOKEN: "xoxb-hunter2" },
      /^SLACK_BOT_TOKEN is set, but .* is not\. Set what is missing/,
    ],
    [
      "customers that aren't there",
      { REVOPS_CRM: "csv:/missing" },
      /^There is no folder \/missing to read customers from\.\n$/,
    ],
    [
      "a Slack that doesn't answer",
      {
        SLACK_BOT_TOKEN: "xoxb-hunter2",
        SLACK_APP_TOKEN: "xapp-hunter2",
        SLACK_API_URL: "http://127.0.0.1:1/api/",
        REVOPS_CRM: "sample",
        HOST: "127.0.0.1",
        REVOPS_LOG_LEVEL: "silent",
      },
      /^Slack can't be reached at http:\/\/127\.0\.0\.1:1\/api\/: .* Check the network, a proxy, or SLACK_API_URL\.\n$/,
    ],
  ])(
    "%s",
    async (_name, environment, sentence) => {
      const { code, stdout, stderr } = await run(environment);
      expect(stderr).toMatch(sentence);
      expect(stderr).not.toMatch(stack);
      expect(stderr).not.toContain("hunter2");
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    },
    timeout,
  );

  it(
    "a port in use",
    async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      const { code, stderr } = await run({ PORT: String(port) });
      server.close();
      expect(stderr).toBe(
        `Port ${port} is in use. Stop what listens there, or set PORT to another one, such as PORT=${port + 1}.\n`,
      );
      expect(code).toBe(1);
    },
    timeout,
  );

  it(
    "a revops.yml with mistakes, each at its place",
    async () => {
      await writeFile(join(folder, "revops.yml"), "role: { a: [b@example.com] }\nchannels:\n  alerts: '#Renewals'\n");
      const { code, stderr } = await run({});
      expect(stderr).toBe(
        'revops.yml:1:1: revops.yml has no key "role"; did you mean roles?\n' +
          'revops.yml:3:11: "#Renewals" is no channel; write #name in small letters, or the channel\'s id\n',
      );
      expect(code).toBe(1);
    },
    timeout,
  );

  it(
    "a sandbox.db that is no database",
    async () => {
      await mkdir(join(folder, "data"));
      await writeFile(join(folder, "data/sandbox.db"), "long enough to be looked at as a database ".repeat(40));
      const { code, stderr } = await run({});
      expect(stderr).toMatch(
        /^data\/sandbox\.db can't be opened as the sandbox's database: .*\. Move that file away, or set REVOPS_STATE/,
      );
      expect(stderr).not.toMatch(stack);
      expect(code).toBe(1);
    },
    timeout,
  );
});

const good = `
flow_id: look
version: "1.0"
trigger: { type: manual }
steps:
  - { id: look, agent: data_agent, action: retrieve_customer_data }
`;
const circle = `
flow_id: circle
version: "1.0"
steps:
  - { id: look, agent: data_agent, action: retrieve_customer_data, depends_on: [assess] }
  - { id: assess, agent: decision_agent, action: assess_renewal_risk, depends_on: [look] }
`;
const filtered = `
flow_id: sly
version: "1.0"
trigger:
  type: schedule
  schedule: cron(0 9 * * ? *)
  filter: ["customer.name ~ 'Acme'"]
steps:
  - { id: look, agent: data_agent, action: retrieve_customer_data }
`;

it(
  "starts with broken flow files: names each problem at its place, and offers the others",
  async () => {
    await mkdir(join(folder, "flows"));
    const files = { good, circle, filtered, broken: "flow_id: [\n" };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, `flows/${name}.yml`), text);
    const life = await started({ REVOPS_FLOWS: "flows:nowhere" });
    const page = new Page(life.url);
    await page.say({ text: "/revops flows" });
    const revops = await page.channel("revops");
    await expect
      .poll(async () => JSON.stringify(await page.messages(revops)), { timeout: 20_000 })
      .toContain('`look` 1.0\\n    starts by hand"');
    life.child.kill("SIGTERM");
    const { stderr } = await life.ended;
    expect(stderr.trimEnd().split("\n")).toEqual([
      "nowhere:1:1: this folder of flows can't be read (it isn't there); see REVOPS_FLOWS",
      expect.stringMatching(/^flows\/broken\.yml:2:1: this isn't YAML: /),
      "flows/circle.yml:5:81: these steps depend on each other: look → assess → look",
      "flows/filtered.yml:7:27: filter: regular expressions aren't allowed; like and ilike are, with % and _",
    ]);
  },
  timeout,
);

describe("a start that works", () => {
  it(
    "prints one line with the address that it has, and answers there; a signal that npm doubles ends it in order",
    async () => {
      const life = await started({ npm_lifecycle_event: "start" });
      expect(life.said.stderr).toBe("");
      expect(new URL(life.url).port).not.toBe("0");
      expect((await fetch(new URL("/healthz", life.url))).status).toBe(200);
      // A terminal tells npm and the app, and npm tells the app again.
      life.child.kill("SIGINT");
      life.child.kill("SIGINT");
      const { code, signal, stdout, stderr } = await life.ended;
      expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: "" });
      expect(stdout).toMatch(addressed);
    },
    timeout,
  );
});
