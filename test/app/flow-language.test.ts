/** Is docs/flow-language.md true: does every example load, does every message stand as quoted, is every action there? */
import { describe, expect, it } from "vitest";
import { createLocalAgents } from "../../src/agents/local/local-agents.ts";
import type { CustomerSource } from "../../src/agents/crm/customer-source.ts";
import type { ActionDescription } from "../../src/flow/action.ts";
import { checkTemplate, evaluateValue } from "../../src/flow/expression.ts";
import { compileFilter } from "../../src/flow/filter.ts";
import { readFlowFile, type ReadFlow } from "../../src/flow/flow-file.ts";
import { readFlowTrees } from "../../src/flow/flow-extends.ts";
import { fileTree } from "../../src/flow/flow-file/tree.ts";
import { fieldsOf, schemaOf } from "../../src/flow/flow-file/output-schema.ts";
import { stepKeys } from "../../src/flow/flow-file/step-keys.ts";
import { parseSchedule } from "../../src/flow/schedule.ts";
import { checkSubFlows } from "../../src/flow/sub-flows.ts";
import { loadTemplates } from "../../src/notify/templates/templates.ts";
import { customer } from "../engine/scripted-agents.ts";
import { blocks, code, rows, text } from "./page.ts";

const language = await text("docs/flow-language.md");

const nobody: CustomerSource = {
  get: () => Promise.resolve(null),
  find: () => Promise.resolve([]),
  all: async function* () {},
  records: () => Promise.resolve({ usage: null, tickets: null, invoices: null, contacts: null }),
};
const { agents } = createLocalAgents({ source: nobody, templates: await loadTemplates() });
const catalogue = Object.values(agents).flatMap((agent) => agent.actions);

function read(body: string): ReadFlow & { source: string } {
  const variables = { admin_email: "revops@example.com" };
  const id = /^flow_id: (\S+)/m.exec(body)?.[1] ?? "";
  const source = `${id.toLowerCase().replaceAll("-", "_")}.yml`;
  return { ...readFlowFile({ file: source, text: body, catalogue, variables }), source };
}

function load(body: string): { isLoaded: boolean; said: string[] } {
  const { definition, problems, source } = read(body);
  const said = problems.map(({ line, column, message }) => `${source}:${line}:${column}: ${message}`);
  return { isLoaded: definition !== null, said };
}

/** What is wrong with flows that are sound by themselves, each as file and message. */
function saidBesideEachOther(bodies: string[]): string[] {
  const flows = bodies.map((body) => {
    const { definition, source, errorAt, problems } = read(body);
    if (definition === null) throw new Error(JSON.stringify(problems));
    return { definition, source, errorAt };
  });
  const { problems } = checkSubFlows({ flows, broken: new Map([["broken", "broken.yml"]]) });
  return problems.map(({ file, message }) => `${file}: ${message}`);
}

/** By its keys at the left margin, in order. */
function sections(body: string): Map<string, string> {
  const parts = body.split(/^(?=[a-z_]+:)/m).filter((part) => /^[a-z_]+:/.test(part));
  return new Map(parts.map((part) => [part.slice(0, part.indexOf(":")), part]));
}

/** A part of a flow, within the page's whole one: inputs and steps are added, anything else takes the old one's place. */
function within(example: string, part: string): string {
  const whole = sections(example);
  for (const [key, added] of sections(part)) {
    const isAdded = key === "input" || key === "steps";
    const old = whole.get(key);
    if (key === "triggers") whole.delete("trigger");
    whole.set(key, isAdded && old !== undefined ? `${old.trimEnd()}\n${added.slice(added.indexOf("\n") + 1)}` : added);
  }
  return [...whole.values()].join("");
}

function isWhole(body: string): boolean {
  return /^flow_id:/m.test(body);
}

function nameOf(body: string): string {
  return body.trim().split("\n", 2).join(" ");
}

describe("an example", () => {
  const all = blocks(language);
  const good = all.filter(({ kind }) => kind === "yaml").map(({ body }) => ({ name: nameOf(body), body }));
  const example = good[0]?.body ?? "";

  it("is there, whole, and parts of one", () => {
    expect(example).toMatch(/^flow_id: quarter_check_in$/m);
    expect(good.length).toBeGreaterThan(4);
  });

  it.each(good)("loads without a word: $name", ({ body }) => {
    expect(load(isWhole(body) ? body : within(example, body))).toEqual({ isLoaded: true, said: [] });
  });

  const others = good.map(({ body }) => body).filter((body) => isWhole(body) && body !== example);

  it.each(good)("fits the flows that it starts: $name", ({ body }) => {
    expect(saidBesideEachOther([...others, within(example, isWhole(body) ? "" : body)])).toEqual([]);
  });

  it.each(rows(language, "step", "what is said"))("%s is refused as quoted", (cell, said) => {
    const caller = `flow_id: caller\nversion: "1.0"\nsteps: [{ id: call, type: flow, flow_id: quarter_check_in }]\n`;
    const calling = within(example, `steps:\n  - { id: call, type: flow, ${code(cell)} }\n`);
    const heard = saidBesideEachOther([...others, caller, calling]);
    expect(heard.filter((line) => line.startsWith("quarter_check_in.yml: "))).toEqual([
      `quarter_check_in.yml: ${said}`,
    ]);
  });

  const refused = all.flatMap(({ kind, body }, index) =>
    kind === "yaml refused" ? [{ name: nameOf(body), body, said: all[index + 1]?.body ?? "" }] : [],
  );
  it.each(refused)("is refused in the words that stand below it: $name", ({ body, said }) => {
    const loaded = load(body);
    expect(loaded.said.join("\n")).toBe(said.trimEnd());
    expect(loaded.isLoaded).toBe(false);
  });

  it("has every key of a step and of an approval", () => {
    const keys = rows(language, "key", "meaning").flatMap(([key = ""]) => words(key));
    const missing = Object.values(stepKeys)
      .flat()
      .filter((key) => !keys.includes(key));
    expect(missing).toEqual([]);
  });
});

function extending(head: string): string {
  return `flow_id: ours\nversion: "1.0"\n${head.replaceAll(", remove", "\nremove")}\n`;
}

describe("a flow that extends the example", () => {
  const all = blocks(language);
  const example = all.find(({ kind }) => kind === "yaml")?.body ?? "";

  function beside(body: string): string[] {
    const trees = [example, body].map((text, index) => fileTree({ file: `${index}.yml`, text }));
    const read = readFlowTrees(trees, { catalogue, variables: { admin_email: "revops@example.com" } });
    return read.flatMap(({ problems }) => problems.map(({ message }) => message));
  }

  it.each(all.filter(({ kind }) => kind === "yaml extends"))("loads without a word: $body", ({ body }) => {
    expect(beside(body)).toEqual([]);
  });

  it.each(rows(language, "what is wrong", "what is said"))("%s is refused as quoted", (cell, said) => {
    expect(beside(extending(code(cell)))).toEqual([said]);
  });
});

describe("a row", () => {
  it.each(rows(language, "schedule", "fires"))("%s is a schedule", (cell) => {
    expect(parseSchedule(code(cell))).toMatchObject({ ok: true });
  });

  it.each(rows(language, "schedule", "what is said"))("%s is refused as quoted", (cell, said) => {
    const parsed = parseSchedule(code(cell));
    expect(parsed.ok ? "" : parsed.problem.message).toContain(said);
  });

  it.each(rows(language, "filter", "selects"))("%s is a filter, and meant", (cell) => {
    expect(compileFilter({ predicates: [code(cell)] })).toMatchObject({ ok: true, warnings: [] });
  });

  it.each(rows(language, "filter", "what is said"))("%s is refused as quoted", (cell, said) => {
    const compiled = compileFilter({ predicates: [code(cell)] });
    expect(compiled.ok ? [] : compiled.problems.map(({ message }) => message)).toEqual([said]);
  });

  it.each(rows(language, "filter", "what is warned of"))("%s is warned of as quoted", (cell, said) => {
    const compiled = compileFilter({ predicates: [code(cell)] });
    expect(compiled.ok ? compiled.warnings.map(({ message }) => message) : []).toEqual([said]);
  });

  it.each(rows(language, "expression", "gives"))("%s gives %s", async (cell, gives) => {
    const roots = { customer: customer("acme", { seats: 120, arr: 84_000, nps: null }) };
    expect(JSON.stringify(await evaluateValue({ value: code(cell), roots, now: 0 }))).toBe(code(gives));
  });

  it.each(rows(language, "expression", "what is said"))("%s is refused as quoted", (cell, said) => {
    expect(checkTemplate(code(cell)).problems.map(({ message }) => message)).toEqual([said]);
  });

  it("of each kind is there", () => {
    const headings = [
      ["schedule", "fires"],
      ["schedule", "what is said"],
      ["filter", "selects"],
      ["filter", "what is said"],
      ["filter", "what is warned of"],
      ["step", "what is said"],
      ["expression", "gives"],
      ["expression", "what is said"],
      ["what is wrong", "what is said"],
    ];
    expect(headings.filter((heading) => rows(language, ...heading).length < 2)).toEqual([]);
  });
});

function words(cell = ""): string[] {
  return [...cell.matchAll(/`([a-z_]+)`/g)].map(([, word = ""]) => word);
}

describe("the actions", () => {
  const documented = new Map(
    rows(language, "agent", "action", "parameters", "reads", "gives").map(
      ([agent, action, ...rest]) => [`${code(agent)} ${code(action)}`, rest] as const,
    ),
  );

  it("are those that the agents have", () => {
    expect([...documented.keys()].toSorted()).toEqual(
      catalogue.map(({ agent, action }) => `${agent} ${action}`).toSorted(),
    );
  });

  const of = (action: ActionDescription) => documented.get(`${action.agent} ${action.action}`) ?? [];

  it.each(catalogue)("$action takes what stands there", (action) => {
    const [parameters = ""] = of(action);
    const named = words(parameters.replaceAll(/\([^)]*\)/g, ""));
    expect(named.toSorted()).toEqual(fieldsOf(schemaOf(action.parameters, "input"), []).toSorted());
  });

  it.each(catalogue.filter(({ plansEffects }) => !plansEffects))("$action reads what stands there", (action) => {
    const read = action.reads.flatMap(({ action: name, or }) => (or === undefined ? [name] : [name, or]));
    expect(words(of(action)[1])).toEqual(read);
  });

  it.each(catalogue.filter(({ agent }) => agent !== "data_agent"))("$action gives what stands there", (action) => {
    expect(words(of(action)[2]).toSorted()).toEqual(fieldsOf(schemaOf(action.output, "output"), []).toSorted());
  });
});
