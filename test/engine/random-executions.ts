/** Executions of random flows, driven by the real engine through random moves of people, time and death. */
import * as fc from "fast-check";
import { FailureError } from "../../src/flow/failure.ts";
import type { FlowDefinition, Step } from "../../src/flow/flow.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { agentStep, approvalStep, flow, flowStep, waitStep } from "./flows.ts";
import { kill, startHarness, type Harness } from "./harness.ts";
import { answer, customer, scriptedAgents, type Script } from "./scripted-agents.ts";
import { lead, World } from "./world.ts";

/** Stands in parameters, outputs and failures, under keys that name a secret and in prose. */
export const secret = ["whsec", "c2VjcmV0c2VjcmV0"].join("_");

const manual = { triggers: [] };
const text = { type: "string" as const, enum: null, default: null, description: null };
const input = { customer_id: { ...text, required: true }, api_key: { ...text, required: false } };

const shapes = fc.record({
  kind: fc.constantFrom("noop", "flaky", "broken", "notify", "each", "eachBroken", "approval", "wait", "child"),
  /** How far back each dependency lies, and whether it is optional. */
  before: fc.array(fc.tuple(fc.nat(4), fc.boolean()), { maxLength: 3 }),
  when: fc.constantFrom(null, null, "${true}", "${1 > 2}"),
  on_error: fc.constantFrom("fail" as const, "fail" as const, "continue" as const, "compensate" as const),
  isCompensated: fc.boolean(),
});
type Shape = typeof shapes extends fc.Arbitrary<infer S> ? S : never;

export const moves = fc.constantFrom("approve", "reject", "time", "time", "doubt", "abort", "redrive", "start", "die");
export type Move = typeof moves extends fc.Arbitrary<infer M> ? M : never;

export const randomFlows = fc
  .record({ shapes: fc.array(shapes, { minLength: 1, maxLength: 7 }), isLimited: fc.boolean() })
  .map((given): FlowDefinition =>
    flow(given.shapes.map(stepOf), {
      ...manual,
      input,
      failure_notification: "ops@example.com",
      ...(given.isLimited ? { concurrency: { key: "all", limit: 1 } } : {}),
    }),
  );

function stepOf(shape: Shape, index: number): Step {
  const id = `s${index}`;
  const back = new Map(shape.before.map(([distance, optional]) => [`s${index - 1 - distance}`, optional]));
  const depends_on = [...back].filter(([step]) => !step.includes("-")).map(([step, optional]) => ({ step, optional }));
  const common = { depends_on, when: shape.when };
  const undo = { agent: "data_agent" as const, action: "noop", parameters: {} };
  const failing = { on_error: shape.on_error, compensate: shape.isCompensated ? undo : null };
  const parameters = { token: secret, note: `it is ${secret}` };
  switch (shape.kind) {
    case "approval":
      return approvalStep(id, common);
    case "wait":
      return waitStep(id, common);
    case "child":
      return flowStep(id, "child", { ...common, ...failing });
    case "each":
    case "eachBroken":
      return agentStep(id, shape.kind === "each" ? "noop" : "broken", {
        ...common,
        ...failing,
        parameters,
        for_each: "${[1, 2, 3]}",
        max_concurrency: 2,
      });
    case "noop":
    case "flaky":
    case "broken":
    case "notify":
      return agentStep(id, shape.kind, { ...common, ...failing, ...(shape.kind === "notify" ? {} : { parameters }) });
    default:
      return shape.kind satisfies never;
  }
}

const child = flow([waitStep("rest"), approvalStep("ask", { after: ["rest"] })], { ...manual, flow_id: "child" });
const customers = ["acme", "beta", "gamma"].map((id) => customer(id));

const broken: Script = () => {
  throw new FailureError({ error: "Input.Invalid", cause: `the CRM refused Bearer ${secret}` });
};
const flaky: Script = ({ parameters, context }) => {
  if (context.now % 2 === 0) throw new FailureError({ error: "Agent.Unavailable", cause: `503 for ${secret}` });
  return answer(parameters);
};

/** The engine as it stands after the moves. */
export async function afterMoves(definition: FlowDefinition, played: readonly Move[]): Promise<Harness> {
  const store = new MemoryStateStore();
  const world = new World();
  world.fault = ({ effect, times }) => (effect.kind === "email" && times === 1 ? { kind: "answer_lost" } : null);
  const common = { flows: [definition, child], customers, agents: scriptedAgents({ broken, flaky }), store, world };
  let harness = await startHarness(common);
  await start(harness, 0);
  for (const [index, move] of played.entries()) {
    if (move === "die") {
      await kill(harness);
      harness = await startHarness({ ...common, clock: harness.clock, seed: index + 2 });
    } else await play(harness, move, index);
    await harness.engine.idle();
  }
  return harness;
}

async function start({ engine }: Harness, index: number): Promise<void> {
  const customer_id = customers[index % customers.length]?.id ?? "acme";
  await engine.start({ flowId: "renewal", input: { customer_id, api_key: secret }, person: null });
  await engine.idle();
}

async function play(harness: Harness, move: Exclude<Move, "die">, index: number): Promise<void> {
  const { engine, clock, store } = harness;
  switch (move) {
    case "start":
      return start(harness, index);
    case "time":
      return harness.moveTo((await engine.nextDue()) ?? clock.now() + 1);
    case "approve":
    case "reject": {
      const [first] = (await engine.waiting({ person: null, offset: 0, limit: 1 })).items;
      if (first === undefined) return;
      const { header, waiting } = first;
      const vote = { executionId: header.execution_id, stepId: waiting.step_id, version: 1, person: lead };
      await engine.decide({ ...vote, decision: move, reason: `because of ${secret}` });
      return;
    }
    case "doubt": {
      const [card] = harness.world.card("doubt");
      if (card === undefined) return;
      const said = index % 2 === 0 ? ("arrived" as const) : ("send_again" as const);
      await engine.resolveDoubt({ effectKey: card.effectKey, person: lead, answer: said });
      return;
    }
    case "abort":
    case "redrive": {
      const { items } = await store.list({ filter: { flowId: "renewal" }, limit: 1 });
      const executionId = items[0]?.execution_id ?? "";
      if (move === "abort") await engine.abort({ executionId, person: lead, compensate: index % 2 === 0 });
      else await engine.redrive({ executionId, person: lead });
      return;
    }
    default:
      return move satisfies never;
  }
}
