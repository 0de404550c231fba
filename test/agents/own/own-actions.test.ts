/** Actions of one's own: what a file of them adds, and what goes wrong in it, for the others and for the flows that use it. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { OwnActions } from "../../../src/agents/own/own-actions.ts";
import { FlowFolderWatch } from "../../../src/flow/flow-folder-watch.ts";
import { LateError, type Within } from "../../../src/flow/module-file.ts";
import { FlowTestCase } from "../../../src/testing/flow-test-case.ts";
import { catalogue } from "../../flow/fixtures/catalogue.ts";

let root = "";
let folder = "";
let flows = "";
beforeEach(async () => {
  // Within the repository: there the package knows its own name.
  root = await mkdtemp(resolve(import.meta.dirname, ".own-"));
  folder = join(root, "actions");
  flows = join(root, "flows");
  await Promise.all([mkdir(folder), mkdir(flows)]);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const head =
  'import { defineAction, FailureError, planEmail, planSlackMessage } from "revops-flows";\nimport { z } from "zod";\n';
/** A file that scores a customer's health, with some of it said otherwise. */
function scoring(
  otherwise: Partial<Record<"action" | "agent" | "description" | "parameters" | "output" | "run", string>> = {},
): string {
  const {
    action = '"score_health"',
    agent = '"decision_agent"',
    description = '"How well a customer does."',
    parameters = "z.strictObject({ floor: z.number().min(0).max(1).default(0.2) })",
    output = 'z.object({ health: z.number(), level: z.enum(["good", "bad"]) })',
    run = '({ floor }, { customer }) => ({ output: { health: floor, level: customer === null ? "bad" : "good" } })',
  } = otherwise;
  return `${head}export const own = defineAction({ agent: ${agent}, action: ${action}, description: ${description},
  parameters: ${parameters}, output: ${output}, readsCustomer: true, run: ${run} });\n`;
}
const write = (text: string, name = "score_health.ts") => writeFile(join(folder, name), text);
const writeFlow = (text: string, name = "f.yml") => writeFile(join(flows, name), text);
const opened = (within?: Within) =>
  new OwnActions({ product: catalogue, folders: [folder], ...(within === undefined ? {} : { within }) });
/** Names and problems, as of one look. */
async function found(own = opened()) {
  const { catalogue: known, problems } = await own.look();
  const said = problems.map(({ file, line, message }) => `${file.slice(folder.length + 1)}:${line} ${message}`);
  return { names: known.map(({ agent, action }) => `${agent} ${action}`), said };
}
const flow = (step = "{ id: score, agent: decision_agent, action: score_health }") =>
  `flow_id: f\nversion: "1.0"\nsteps:\n  - ${step}\n`;

describe("a file", () => {
  it("adds its action to its agent, and a folder that isn't there adds none", async () => {
    await write(scoring());
    await write("export const helper = 1;\n", "score_health.test.ts");
    expect(await found()).toEqual({ names: ["decision_agent score_health"], said: [] });
    const nowhere = new OwnActions({ product: catalogue, folders: [join(root, "nowhere")] });
    expect(await nowhere.look()).toMatchObject({ catalogue: [], problems: [] });
  });

  it.each([
    ["throws", `${head}\nthrow new Error("no licence");\n`, "bad.ts:4 this file can't be loaded: no licence"],
    ["isn't TypeScript", "export const = 1;\n", expect.stringMatching(/^bad\.ts:1 this file can't be loaded: /)],
    ["exports none", "export const nothing = 1;\n", expect.stringContaining("this file exports no action")],
    [
      "takes the product's name",
      scoring({ action: '"retrieve_customer_data"' }),
      expect.stringContaining(
        "retrieve_customer_data is an action of the product's data_agent: give yours another name",
      ),
    ],
    ["has no name", scoring({ action: '"Score Health"' }), expect.stringContaining("small letters, digits and _")],
    ["is called __proto__", scoring({ action: '"__proto__"' }), expect.stringContaining("small letters, digits and _")],
    [
      "names no agent",
      scoring({ agent: '"sales_agent" as never' }),
      expect.stringContaining("belongs to one of data_agent"),
    ],
    ["says nothing of itself", scoring({ description: '""' }), expect.stringContaining("needs a description")],
    [
      "lets misspelt parameters pass",
      scoring({ parameters: "z.object({})" }),
      expect.stringContaining("are a z.strictObject"),
    ],
    [
      "gives what JSON can't hold",
      scoring({ output: "z.object({ at: z.date() })", run: "() => ({ output: { at: new Date(0) } })" }),
      expect.stringContaining("the output of score_health must be what JSON can hold"),
    ],
  ])("that %s is told at its place, and the others are taken up all the same", async (_what, text, said) => {
    await write(text, "bad.ts");
    await write(scoring({ action: '"score_use"' }), "good.ts");
    expect(await found()).toEqual({ names: ["decision_agent score_use"], said: [said] });
  });

  it("that defines what another defines is refused with both places", async () => {
    await write(scoring(), "a.ts");
    await write(scoring({ description: '"Another."' }), "b.ts");
    const { names, said } = await found();
    expect(names).toEqual(["decision_agent score_health"]);
    expect(said).toEqual([
      `b.ts:1 score_health is defined here and in ${join(folder, "a.ts")}; the first counts: give one another name`,
    ]);
  });

  it("that never ends loading is waited for once and no longer", async () => {
    await write("await new Promise(() => {});\n", "waits.ts");
    await write(scoring());
    // Files are read in the order of their names, the one that hangs as the last.
    const within: Within = (work) => (asked.push(work) === 2 ? Promise.reject(new LateError()) : work);
    const asked: Promise<unknown>[] = [];
    const own = opened(within);
    expect(await found(own)).toEqual({
      names: ["decision_agent score_health"],
      said: [expect.stringContaining("waits.ts:1 this file isn't loaded after 10 seconds")],
    });
    await write(scoring({ action: '"another"' }), "another.ts");
    expect((await found(own)).names).toHaveLength(2);
    expect(asked).toHaveLength(4);
  });
});

describe("a flow", () => {
  it("is checked against it when it is loaded: names, values, paths of its output, and the customer that it needs", async () => {
    await write(scoring());
    const watch = new FlowFolderWatch({ folders: [flows], catalogue, ownActions: opened(), variables: {} });
    await writeFlow(flow());
    await watch.look();
    expect(watch.problems).toEqual([]);
    expect(Object.keys(watch.registry.get({ flowId: "f" })?.definition.input ?? {})).toEqual(["customer_id"]);
    await writeFlow(`${flow("{ id: score, agent: decision_agent, action: score_helth }")}  - { id: a, agent: decision_agent, action: score_health, parameters: { floor: 2 } }
  - { id: b, agent: decision_agent, action: score_health, parameters: { flor: 0 } }
  - { id: c, agent: decision_agent, action: score_health, depends_on: [a], when: "\${a.helth > 0}" }\n`);
    await watch.look();
    expect(watch.problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
      expect.stringMatching(/^4 .*score_helth.*did you mean score_health\?/),
      expect.stringMatching(/^5 .*floor/),
      expect.stringMatching(/^6 .*flor.*did you mean floor\?/),
      expect.stringMatching(/^7 .*helth.*did you mean health\?/),
      expect.stringContaining("as it was before goes on"),
    ]);
  });

  it("is read anew when the action comes, changes or goes; a broken file keeps what it gave", async () => {
    const watch = new FlowFolderWatch({ folders: [flows], catalogue, ownActions: opened(), variables: {} });
    await writeFlow(flow("{ id: score, agent: decision_agent, action: score_health, parameters: { floor: 0.5 } }"));
    await watch.look();
    expect(watch.problems.map(({ message }) => message)).toEqual([expect.stringContaining("no action")]);
    await write(scoring());
    await watch.look();
    expect(watch.problems).toEqual([]);
    expect(await watch.look()).toBeNull();
    await write("export const = 1;\n");
    await watch.look();
    expect(watch.problems.map(({ message }) => message)).toEqual([expect.stringContaining("can't be loaded")]);
    expect(watch.registry.all()).toHaveLength(1);
    await write(
      scoring({
        parameters: "z.strictObject({ limit: z.number().optional() })",
        run: '() => ({ output: { health: 1, level: "good" } })',
      }),
    );
    await watch.look();
    expect(watch.problems[0]?.message).toContain("floor");
  });
});

const test = () => new FlowTestCase({ flows, actions: folder });
/** An action of the execution agent that plans this. */
const planning = (effects: string) =>
  scoring({
    agent: '"execution_agent"',
    run: `() => ({ output: { health: 1, level: "good" }, effects: ${effects} })`,
  });

describe("an execution", () => {
  const start = { flowId: "f", inputParameters: { customer_id: "acme" } };

  it("runs it, and a test's mock is checked as an output is", async () => {
    await write(scoring());
    await writeFlow(flow());
    const result = await test().executeFlow(start);
    expect(result).toMatchObject({ outcome: "completed", stepOutputs: { score: { health: 0.2, level: "good" } } });
    const mocked = test();
    mocked.mockAgent({ agent: "decision_agent", action: "score_health", response: { health: 1, level: "fair" } });
    expect((await mocked.executeFlow(start)).failure).toMatchObject({ error: "Agent.InvalidOutput" });
  });

  it.each([
    ["gives another output", '() => ({ output: { health: "much" } as never })', "Agent.InvalidOutput", "health"],
    [
      "plans what only the execution agent may",
      '() => ({ output: { health: 1, level: "good" }, effects: [{ target: null, effect: { kind: "email", to: "a@example.com", subject: "x", text: "x", html: "x" } }] })',
      "Agent.InvalidOutput",
      "only those of execution_agent may",
    ],
    [
      "refuses",
      '() => { throw new FailureError({ error: "Input.Invalid", cause: "No usage is known." }); }',
      "Input.Invalid",
      "No usage is known.",
    ],
  ])("whose action %s fails with the reason", async (_what, run, error, cause) => {
    await write(scoring({ run }));
    await writeFlow(flow());
    expect((await test().executeFlow(start)).failure).toEqual({ error, cause: expect.stringContaining(cause) });
  });

  it("whose action throws anything else is tried again as unavailable", async () => {
    await write(scoring({ run: '() => { throw new Error("connection reset"); }' }));
    await writeFlow(flow());
    const { failure } = await test().executeFlow(start);
    expect(failure).toEqual({ error: "Agent.Unavailable", cause: expect.stringContaining("connection reset") });
  });

  it("has what it plans performed behind an approval, and nothing before; two effects of one target are refused", async () => {
    const mail = 'planEmail({ to: "dana@example.com", subject: "<Hello>\\nthere", text: "<b>Hello" })';
    const message = 'planSlackMessage({ to: "#revops", text: "<!channel>" })';
    await write(planning(`[${mail}, ${message}]`));
    const ask = "{ id: ask, type: approval, approvers: role:lead }";
    await writeFlow(`${flow(ask)}  - { id: tell, agent: execution_agent, action: score_health, depends_on: [ask] }\n`);
    const planned = test();
    expect(await planned.executeFlow(start)).toMatchObject({
      plannedEffects: [{ stepId: "tell" }, { stepId: "tell" }],
      performedEffects: [],
    });
    expect((await planned.approve()).performedEffects).toMatchObject([
      {
        stepId: "tell",
        to: "dana@example.com",
        subject: "<Hello> there",
        html: expect.stringContaining("&lt;b&gt;Hello"),
      },
      { stepId: "tell", to: { channel: "#revops" }, text: "&lt;!channel&gt;" },
    ]);
    await write(planning(`[${mail}, ${mail}]`));
    const twice = test();
    const failed = await twice.executeFlow(start);
    expect(failed.status === "failed" ? failed : await twice.approve()).toMatchObject({
      failure: { cause: expect.stringContaining("one target") },
    });
  });
});
