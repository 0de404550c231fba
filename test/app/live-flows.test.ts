/** Flow files that change while the app runs: what is stored, told and started from then on. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LiveFlows } from "../../src/app/live-flows.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { VirtualClock } from "../engine/virtual-clock.ts";
import { catalogue } from "../flow/fixtures/catalogue.ts";

function yaml({ version = "1.0", description = "x" } = {}): string {
  return `flow_id: f
version: "${version}"
description: ${description}
steps: [{ id: count, agent: data_agent, action: count_customers }]
`;
}

let folder = "";
let told: string[] = [];
let logged: string[] = [];
let store = new MemoryStateStore();
let clock = new VirtualClock();
const opened: LiveFlows[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "flows-"));
  [told, logged, store, clock] = [[], [], new MemoryStateStore(), new VirtualClock()];
});
afterEach(async () => {
  for (const flows of opened.splice(0)) flows.stop();
  await rm(folder, { recursive: true, force: true });
});

const write = (text: string) => writeFile(join(folder, "f.yml"), text);

const note = (level: string) => (_: object, message: string) => void logged.push(`${level} ${message}`);

async function open({ inSandbox = true } = {}): Promise<LiveFlows> {
  const flows = await LiveFlows.open({
    folders: [folder],
    catalogue,
    variables: {},
    store,
    clock,
    logger: { info: note("info"), warn: note("warn"), error: note("error") },
    tell: inSandbox ? (line) => void told.push(line) : null,
  });
  opened.push(flows);
  return flows;
}

const stored = async () =>
  (await store.listDefinitions({ flowId: "f" })).map(
    ({ definition }) => `${definition.version} ${definition.description}`,
  );

describe("a flow file that changes", () => {
  it("is stored with every version that was loaded, the last first", async () => {
    await write(yaml());
    const flows = await open();
    clock.moveTo(clock.now() + 1);
    await write(yaml({ version: "2.0" }));
    expect(await flows.look()).toBe(true);
    await write(yaml());
    await flows.look();
    expect(await stored()).toEqual(["2.0 x", "1.0 x"]);
    expect(flows.get({ flowId: "f" })?.version).toBe("1.0");
    expect(told).toEqual([
      `${join(folder, "f.yml")}: f 2.0 is taken up in place of 1.0`,
      `${join(folder, "f.yml")}: f 1.0 is taken up in place of 2.0`,
    ]);
  });

  it("without a new version is taken up, and a new version is asked for", async () => {
    await write(yaml());
    const flows = await open();
    await write(yaml({ description: "longer" }));
    await flows.look();
    expect(flows.get({ flowId: "f" })?.description).toBe("longer");
    expect(await stored()).toHaveLength(2);
    const warning = "f 1.0 has other content than before; executions that run keep theirs: raise the version";
    expect(told[0]).toBe(`${join(folder, "f.yml")}:1:1: warning: ${warning}`);
    expect(flows.problems.map(({ message }) => message)).toEqual([warning]);
    expect(logged).toContain(`info a flow file: ${warning}`);
  });

  it("without a new version while the app was down is told at its start, and back again is no news", async () => {
    await write(yaml());
    await open();
    await write(yaml({ description: "longer" }));
    expect((await open()).problems).toMatchObject([{ severity: "warning" }]);
    await write(yaml());
    expect((await open()).problems).toEqual([]);
  });

  it("broken, is told in the terminal and the log, and nothing else starts", async () => {
    await write(yaml());
    const flows = await open();
    await write("flow_id: [");
    expect(await flows.look()).toBe(false);
    expect(flows.get({ flowId: "f" })?.version).toBe("1.0");
    expect(told.join("\n")).toMatch(/f\.yml:1:\d+: this isn't YAML[^]*warning: f 1\.0 as it was before goes on/);
    expect(await flows.look()).toBe(false);
    expect(told).toHaveLength(2);
  });

  it("on a real workspace is told as a warning of the log, where an info may be hidden", async () => {
    await write(yaml());
    const flows = await open({ inSandbox: false });
    await write("flow_id: [");
    await flows.look();
    expect(told).toEqual([]);
    expect(logged.map((line) => line.split(" ")[0])).toEqual(["warn", "warn"]);
  });

  it("while the store is away is taken up all the same", async () => {
    await write(yaml());
    const flows = await open();
    await store.close();
    await write(yaml({ version: "2.0" }));
    expect(await flows.look()).toBe(true);
    expect(flows.get({ flowId: "f" })?.version).toBe("2.0");
    expect(logged).toContain("error the versions of the flows could not be stored");
  });

  it("is noticed without a tick", async () => {
    await write(yaml());
    const flows = await open();
    let noticed = 0;
    flows.watch(() => void (noticed += 1));
    await expect
      .poll(
        async () => {
          await write(yaml({ version: `2.${noticed}` }));
          return noticed;
        },
        // Longer than an editor's changes are waited for, or each write would put it off.
        { interval: 500, timeout: 20_000 },
      )
      .toBeGreaterThan(0);
  });

  it("in a folder that isn't there is no reason not to start", async () => {
    folder = join(folder, "nowhere");
    const flows = await open();
    flows.watch(() => {});
    expect(flows.problems).toMatchObject([{ file: folder, severity: "error" }]);
    expect(flows.all()).toEqual([]);
  });
});

const events = async () => {
  await opened.at(-1)?.told;
  const { items } = await store.listAudit({ limit: 100 });
  return items
    .filter(({ action }) => action === "define")
    .map(({ person, detail }) => ({ by: person?.email ?? null, detail }));
};
/** In place of git, whether this machine has one or not. */
const git = async (script: string) => {
  await writeFile(join(folder, "git"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  vi.stubEnv("PATH", `${folder}:/bin:/usr/bin`);
};

describe("who changed a flow", () => {
  const committed = 'case "$*" in *" log "*) printf "Dana Reyes\\037Dana@Example.com\\0371a2b3c4" ;; esac';
  afterEach(() => void vi.unstubAllEnvs());

  it("is the author of the file's last commit, with what differs from the version before", async () => {
    await git(committed);
    await write(yaml());
    const flows = await open();
    expect(await events()).toEqual([
      {
        by: "dana@example.com",
        detail: expect.stringMatching(/^1\.0 \([0-9a-f]{12}\) in .*f\.yml, commit 1a2b3c4: the first that was seen$/),
      },
    ]);
    clock.moveTo(clock.now() + 1000);
    await write(`${yaml({ version: "2.0" }).trimEnd().slice(0, -1)}, { id: more, type: wait, duration: P1D }]\n`);
    await flows.look();
    const details = (await events()).map(({ detail }) => detail).join("\n");
    expect(details).toMatch(/^2\.0 .*more/m);
    expect((await open()).problems).toEqual([]);
    expect(await events()).toHaveLength(2);
  });

  it.each([
    [
      "has changes that aren't committed",
      `${committed}\ncase "$*" in *" status "*) echo " M f.yml" ;; esac`,
      "not committed",
    ],
    ["stands in no checkout", "exit 128", "user"],
    ["was never added", "exit 0", "not committed"],
  ])("is nobody where the file %s, and the flow loads all the same", async (_what, script, how) => {
    await git(script);
    await write(yaml());
    expect((await open()).all()).toHaveLength(1);
    expect(await events()).toEqual([{ by: null, detail: expect.stringContaining(`f.yml, ${how}`) }]);
  });
});
