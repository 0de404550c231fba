import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadFlowFolders } from "../../src/flow/registry.ts";
import { catalogue } from "./fixtures/catalogue.ts";

const count = "  - { id: count, agent: data_agent, action: count_customers }";
const calls = (keys: string) => `  - { id: call, type: flow, ${keys} }`;
const customers = "  - { id: get, agent: data_agent, action: retrieve_customer_data }";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "flows-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Flows by their ids, each its steps and what else there is; a `b@2` is version 2 of b. */
async function load(flows: Record<string, string>): Promise<{ loaded: string[]; said: string[] }> {
  for (const [name, body] of Object.entries(flows)) {
    const [id = "", version = "1"] = name.split("@");
    await writeFile(join(folder, `${name}.yml`), `flow_id: ${id}\nversion: "${version}"\nsteps:\n${body}\n`);
  }
  const { flows: found, problems } = await loadFlowFolders({ folders: [folder], catalogue, variables: {} });
  return {
    loaded: found.map(({ definition: { flow_id, version } }) => `${flow_id}@${version}`).toSorted(),
    said: problems
      .map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`.replaceAll(`${folder}/`, ""))
      .toSorted(),
  };
}

describe("a flow and its sub-flow", () => {
  test("load together, whichever is read first", async () => {
    const inputs = "input: { seats: { type: integer, required: true }, tone: { enum: [warm, cool], default: warm } }";
    const { loaded, said } = await load({
      a: calls("flow_id: m, input: { seats: 5, tone: cool }"),
      m: `${count}\n${inputs}`,
      z: calls('flow_id: m, input: { seats: "${flow.version}" }'),
    });
    expect(said).toEqual([]);
    expect(loaded).toEqual(["a@1", "m@1", "z@1"]);
  });

  test.each([
    ["flow_id: onbording", '4:38 there is no flow "onbording"; did you mean onboarding?'],
    ["flow_id: nothing_like_it", '4:38 there is no flow "nothing_like_it"'],
    ["flow_id: onboarding", "4:38 onboarding needs the input seats"],
    ["flow_id: onboarding, input: { seats: }", "4:38 onboarding needs the input seats"],
    [
      "flow_id: onboarding, input: { seats: 5, tune: warm }",
      '4:69 onboarding takes no input "tune"; did you mean tone?',
    ],
    ["flow_id: onboarding, input: { seats: 5, x: warm }", '4:69 onboarding takes no input "x"; it takes seats, tone'],
    ["flow_id: onboarding, input: { seats: many }", "4:59 the input seats of onboarding must be of type integer"],
    [
      "flow_id: onboarding, input: { seats: 5, tone: loud }",
      "4:69 the input tone of onboarding must be one of warm, cool",
    ],
  ])("with %s is refused at its place", async (keys, message) => {
    const inputs = "input: { seats: { type: integer, required: true }, tone: { enum: [warm, cool], default: warm } }";
    const { loaded, said } = await load({ parent: calls(keys), onboarding: `${count}\n${inputs}` });
    expect(said).toEqual([`parent.yml:${message}`]);
    expect(loaded).toEqual(["onboarding@1"]);
  });

  test("of one customer passes that one on, and of none must name it", async () => {
    const { loaded, said } = await load({
      sub: customers,
      same: `${customers}\n${calls("flow_id: sub")}`,
      named: calls('flow_id: sub, input: { customer_id: "cust-1" }'),
      nobody: calls("flow_id: sub"),
    });
    expect(said).toEqual(["nobody.yml:4:38 sub needs the input customer_id, and this flow has no customer to pass on"]);
    expect(loaded).toEqual(["named@1", "same@1", "sub@1"]);
  });

  test("that takes no input is given none", async () => {
    const { said } = await load({ sub: count, parent: calls("flow_id: sub, input: { customer_id: x }") });
    expect(said).toEqual(['parent.yml:4:52 sub takes no input "customer_id"; it takes none']);
  });
});

describe("a sub-flow for each item, about one customer", () => {
  const each = (more: string) => `${customers}\n${calls(`flow_id: sub, for_each: "\${[1, 2]}"${more}`)}`;

  test.each([
    ["no trigger", "", ""],
    ["a trigger that skips", "trigger: { type: manual }", ""],
    ["one trigger of two that allows", "triggers: [{ type: manual, overlap: allow }, { type: event, event: x }]", ""],
    ["two at once", "", ", max_concurrency: 2"],
    ["the customer given", "", ', input: { customer_id: "${customer.id}" }'],
  ])("with %s is warned of, and loads", async (_, trigger, more) => {
    const { loaded, said } = await load({ sub: `${customers}\n${trigger}`, parent: each(more) });
    expect(said).toEqual([
      expect.stringMatching(/^parent.yml:5:38 each item starts sub about the same customer, and its/),
    ]);
    expect(loaded).toEqual(["parent@1", "sub@1"]);
  });

  test.each([
    ["one at a time", customers, ", max_concurrency: 1"],
    ["others queueing", `${customers}\ntrigger: { type: manual, overlap: queue }`, ""],
    ["others allowed", `${customers}\ntrigger: { type: manual, overlap: allow }`, ""],
    ["another customer each", customers, ', input: { customer_id: "c${item}" }'],
    ["no customer", count, ""],
  ])("with %s is no trap", async (_, sub, more) => {
    expect((await load({ sub, parent: each(more) })).said).toEqual([]);
  });
});

describe("a circle of sub-flows", () => {
  test("is named at each step that is in it, and breaks those that lead into it", async () => {
    const { loaded, said } = await load({
      a: calls("flow_id: b"),
      b: calls("flow_id: c"),
      c: calls("flow_id: a"),
      outside: calls("flow_id: a"),
      alone: count,
    });
    expect(said).toEqual([
      "a.yml:4:38 these flows start each other, without an end: a → b → c → a",
      "b.yml:4:38 these flows start each other, without an end: b → c → a → b",
      "c.yml:4:38 these flows start each other, without an end: c → a → b → c",
      "outside.yml:4:38 the flow a can't be used: something is wrong in a.yml",
    ]);
    expect(loaded).toEqual(["alone@1"]);
  });

  test("of older versions alone is none", async () => {
    const { loaded, said } = await load({
      "a@1": calls("flow_id: b"),
      "a@2": count,
      "b@1": calls("flow_id: a"),
    });
    expect(said).toEqual([]);
    expect(loaded).toEqual(["a@1", "a@2", "b@1"]);
  });
});

describe("a broken sub-flow", () => {
  test("breaks each flow that starts it, up to the top, and no other", async () => {
    const { loaded, said } = await load({
      top: calls("flow_id: middle"),
      middle: `${calls("flow_id: low")}\n  - { id: more, type: flow, flow_id: gone }`,
      low: count.replace("count_customers", "count_custmers"),
      other: count,
    });
    expect(said).toEqual([
      'low.yml:4:45 data_agent has no action "count_custmers"; did you mean count_customers?',
      "middle.yml:4:38 the flow low can't be used: something is wrong in low.yml",
      'middle.yml:5:38 there is no flow "gone"',
      "top.yml:4:38 the flow middle can't be used: something is wrong in middle.yml",
    ]);
    expect(loaded).toEqual(["other@1"]);
  });

  test("with a sound older version is that one", async () => {
    const { loaded, said } = await load({
      top: calls("flow_id: low"),
      "low@1": count,
      "low@2": count.replace("count_customers", "x"),
    });
    expect(said).toHaveLength(1);
    expect(loaded).toEqual(["low@1", "top@1"]);
  });

  test("with a newer version that takes more is judged by that one", async () => {
    const { loaded, said } = await load({
      top: calls("flow_id: low"),
      "low@1": count,
      "low@2": `${count}\ninput: { seats: { type: integer, required: true } }`,
    });
    expect(said).toEqual(["top.yml:4:38 low needs the input seats"]);
    expect(loaded).toEqual(["low@1", "low@2"]);
  });
});
