/** Flows that start from others: what comes of them, and who is told what is wrong. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { definitionHash } from "../../src/flow/flow.ts";
import { loadFlowFolders } from "../../src/flow/registry.ts";
import { catalogue } from "./fixtures/catalogue.ts";

const parent = `flow_id: renewal
version: "2.0"
description: As it comes
input: { note: { type: string }, days: { type: integer, default: 30 } }
trigger: { type: schedule, schedule: "cron(0 9 * * ? *)", filter: customer.arr > 10 }
timeout: P7D
steps:
  - { id: count, agent: data_agent, action: count_customers }
  - { id: cool_off, type: wait, duration: P3D, depends_on: [count] }
  - { id: decide, type: approval, approvers: [role:lead], depends_on: [cool_off] }
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "extends-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function load(files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const { flows, problems } = await loadFlowFolders({ folders: [folder], catalogue, variables: {} });
  const get = (id: string, version?: string) =>
    flows.find(({ definition: { flow_id, version: own } }) => flow_id === id && (version ?? own) === own);
  const said = problems.map(
    ({ file, line, column, message }) =>
      `${file.slice(folder.length + 1)}:${line}:${column} ${message.replaceAll(`${folder}/`, "")}`,
  );
  return { get, said };
}

const next = (version: string, id: string) => `flow_id: renewal
version: "${version}"
extends: renewal
steps: [{ id: ${id}, agent: data_agent, action: count_customers }]
`;

const ours = (rest: string) => ({ "renewal.yml": parent, "z.yml": `flow_id: ours\nversion: "1.0"\n${rest}` });

const circle = (id: string, other: string) => `flow_id: ${id}\nversion: "1"\nextends: ${other}\n`;

const ids = (flow: ReturnType<Awaited<ReturnType<typeof load>>["get"]>) => flow?.definition.steps.map(({ id }) => id);

describe("a flow that extends another", () => {
  test("replaces in place, adds behind, removes, and takes over what it doesn't say", async () => {
    const { get, said } = await load({
      "renewal.yml": parent,
      "ours.yml": `flow_id: our_renewal
version: "1.0"
extends: renewal
remove: [decide]
input: { days: { type: integer, default: 60 } }
steps:
  - { id: last, agent: data_agent, action: count_customers, depends_on: [cool_off] }
  - { id: cool_off, type: wait, duration: P1D, depends_on: [count] }
`,
    });
    expect(said).toEqual([]);
    const ours = get("our_renewal");
    expect(ids(ours)).toEqual(["count", "cool_off", "last"]);
    expect(ours?.definition).toMatchObject({
      description: "As it comes",
      timeout_ms: 604_800_000,
      input: { note: { type: "string" }, days: { default: 60 } },
      triggers: [{ type: "schedule" }],
      steps: [{}, { duration_ms: 86_400_000 }, {}],
    });
    expect(ours?.extension).toEqual({
      flowId: "renewal",
      version: "2.0",
      source: join(folder, "renewal.yml"),
      added: ["last"],
      replaced: ["cool_off"],
      removed: ["decide"],
      document: expect.objectContaining({ flow_id: "our_renewal", timeout: "P7D" }),
    });
    expect(ids(get("renewal"))).toEqual(["count", "cool_off", "decide"]);
  });

  test("has the content hash of the same flow written out", async () => {
    const { get } = await load({
      "renewal.yml": parent,
      "written.yml": parent.replace('"2.0"', '"3.0"').replace("P3D", "P1D"),
      "short.yml": `flow_id: short
version: "3.0"
extends: renewal
steps: [{ id: cool_off, type: wait, duration: P1D, depends_on: [count] }]
`,
    });
    const [short, written] = [get("short"), get("renewal", "3.0")];
    const hash = (flow: typeof short) =>
      flow === undefined ? flow : definitionHash({ ...flow.definition, flow_id: "renewal" });
    // `extends` means the highest version, which is the one written out.
    expect(short).toBeDefined();
    expect(hash(short)).toBe(hash(written));
  });

  test("of its own flow_id starts from the highest version below its own", async () => {
    const { get, said } = await load({
      "a.yml": next("2.10", "third"),
      "b.yml": next("2.2", "second"),
      "c.yml": parent,
    });
    expect(said).toEqual([]);
    expect(ids(get("renewal", "2.10"))).toEqual(["count", "cool_off", "decide", "second", "third"]);
    expect(ids(get("renewal", "2.2"))).toEqual(["count", "cool_off", "decide", "second"]);
  });

  test("with a trigger of its own has none of the other's, by whichever key", async () => {
    const { get } = await load({
      "renewal.yml": parent,
      "ours.yml": 'flow_id: ours\nversion: "1"\nextends: renewal\ntriggers: [{ type: manual }]\n',
    });
    expect(get("ours")?.definition.triggers).toMatchObject([{ type: "manual" }]);
    expect(ids(get("ours"))).toEqual(["count", "cool_off", "decide"]);
  });
});

describe("what is wrong is said in the file that did it", () => {
  test.for([
    ["extends: renewl\n", '3:10 there is no flow "renewl"; did you mean renewal?'],
    ["extends: [renewal]\n", "3:10 extends is the flow_id of one flow, such as renewal_management"],
    ["extends: ours\n", "3:10 there is no version of ours below 1.0 to start from"],
    ["extends: renewal\nremove: decide\n", "4:9 remove is a list of ids of steps of the flow that is extended"],
    ["extends: renewal\nremove: [decided]\n", '4:10 that flow has no step "decided"; did you mean decide?'],
    ["extends: renewal\nremove: [decide, decide]\n", '4:18 "decide" stands in remove twice'],
    [
      "extends: renewal\nremove: [cool_off]\n",
      "4:10 decide depends on cool_off: replace it here too, or keep cool_off",
    ],
    [
      "extends: renewal\nremove: [decide]\nsteps: [{ id: decide, type: wait, duration: P1D }]\n",
      '4:10 "decide" stands in steps too: there it replaces, so leave it out here',
    ],
    ["extends: renewal\nsteps: { id: a }\n", "4:8 steps is a list"],
    [
      "extends: renewal\nsteps: [{ id: more, type: wait, duration: P1D, depends_on: [cool_of] }]\n",
      '4:61 there is no step "cool_of"; did you mean cool_off?',
    ],
    [
      "remove: [decide]\nsteps: [{ id: a, type: wait, duration: P1D }]\n",
      "3:1 remove goes with extends: it takes steps out of that flow",
    ],
  ])("%j", async ([rest, message]) => {
    const { get, said } = await load(ours(rest ?? ""));
    expect(said).toEqual([`z.yml:${message}`]);
    expect(get("ours")).toBeUndefined();
    expect(get("renewal")).toBeDefined();
  });

  test("a step of the other flow reads what was replaced: told here, with its place there", async () => {
    const reads = parent.replace("duration: P3D, depends_on: [count]", 'until: "${count.at}", depends_on: [count]');
    const { said } = await load({
      "renewal.yml": reads,
      "z.yml": `flow_id: ours
version: "1.0"
extends: renewal
steps: [{ id: count, type: wait, duration: P1D }]
`,
    });
    const own = said.filter((line) => line.startsWith("z.yml"));
    expect(own).toHaveLength(1);
    expect(own[0]).toMatch(/^z\.yml:3:10 .*\(renewal\.yml:9:\d+, as it stands after this file's changes\)$/);
  });

  test("flows that extend each other in a circle are named, and the others load", async () => {
    const { get, said } = await load({
      "a.yml": circle("a", "b"),
      "b.yml": circle("b", "c"),
      "c.yml": circle("c", "a"),
      "renewal.yml": parent,
    });
    expect(said).toEqual([
      "a.yml:3:10 the flow b can't be used: something is wrong in b.yml",
      "b.yml:3:10 the flow c can't be used: something is wrong in c.yml",
      "c.yml:3:10 these flows extend each other, without an end: a → b → c → a",
    ]);
    expect(get("renewal")).toBeDefined();
  });

  test("the other flow is broken: it says what is wrong, this one only that it is", async () => {
    const { said } = await load({
      "renewal.yml": parent.replace("count_customers", "count_custmers"),
      "z.yml": 'flow_id: ours\nversion: "1.0"\nextends: renewal\n',
    });
    expect(said).toEqual([
      'renewal.yml:8:45 data_agent has no action "count_custmers"; did you mean count_customers?',
      "z.yml:3:10 the flow renewal can't be used: something is wrong in renewal.yml",
    ]);
  });

  test("a flow in TypeScript extends one in YAML", async () => {
    const api = new URL("../../src/index.ts", import.meta.url).href;
    const { get, said } = await load({
      "renewal.yml": parent,
      "ours.ts": `import { Flow, Step } from "${api}";
const flow = new Flow({ flowId: "ours", version: "1.0", extends: "renewal", remove: ["decide"] });
flow.addStep(new Step({ id: "again", agent: "data_agent", action: "count_customers", dependsOn: ["cool_off"] }));
flow.register();
`,
    });
    expect(said).toEqual([]);
    expect(ids(get("ours"))).toEqual(["count", "cool_off", "again"]);
  });
});
