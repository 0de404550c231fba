/** A case on the embedded engine, through to its end. */
import type { FieldEdit } from "../../../src/flow/event.ts";
import type { ExecutionState } from "../../../src/flow/execution.ts";
import type { FlowDefinition } from "../../../src/flow/flow.ts";
import { startHarness, type Harness } from "../../engine/harness.ts";
import { answer, customer, scriptedAgents, type Script } from "../../engine/scripted-agents.ts";
import { lead, World } from "../../engine/world.ts";
import { scripts } from "../../engine/scripted-agents.ts";
import { act } from "./actions.ts";
import { children, flowOf, idOf, type Case } from "./case.ts";
import { Diary, type StepTrace, type Trace } from "./trace.ts";

export interface Lived {
  trace: Trace;
  definition: FlowDefinition;
  executionId: string;
  startedAt: number;
  customer: ReturnType<typeof customer>;
}

export async function liveEmbedded(played: Case): Promise<Lived> {
  const definition = flowOf(played);
  const diary = new Diary();
  const script =
    (action: string): Script =>
    ({ parameters, context }) => {
      const [, , index] = context.idempotencyKey.split("/");
      const at = index === undefined || index.startsWith("#") ? null : Number(index);
      return answer(act(played, diary, { action, stepId: context.stepId, index: at, parameters }));
    };
  const notify: Script = async (request) => {
    const output = act(played, diary, {
      action: "notify",
      stepId: request.context.stepId,
      index: null,
      parameters: {},
    });
    const sent = await scripts["notify"]?.(request);
    return { output, effects: sent?.effects ?? [] };
  };
  const world = new World();
  world.fault = ({ key, effect, times }) => {
    const part = played.parts[Number(key.split("/")[1]?.slice(1))];
    return part?.doubt === true && effect.kind === "email" && times === 1 ? { kind: "answer_lost" } : null;
  };
  const about = customer("acme", { nps: played.nps ?? null });
  const agents = scriptedAgents({ act: script("act"), undo: script("undo"), break: script("break"), notify });
  const harness = await startHarness({ flows: [definition, ...children], customers: [about], agents, world });
  const started = await harness.engine.start({ flowId: "renewal", input: { customer_id: "acme" }, person: null });
  const executionId = "executionId" in started ? started.executionId : "";
  const state = await toTheEnd(harness, played, executionId);
  await harness.engine.stop({ graceMs: 0 });
  return { trace: traceOf(state, diary), definition, executionId, startedAt: state.startedAt, customer: about };
}

async function toTheEnd(harness: Harness, played: Case, executionId: string): Promise<ExecutionState> {
  const { engine } = harness;
  for (let round = 0; round < 500; round += 1) {
    await engine.idle();
    const state = await engine.execution({ executionId });
    if (state.status !== "running") return state;
    if (await decided(harness, played, state)) continue;
    if (await answered(harness)) continue;
    const due = await engine.nextDue();
    if (due === null) throw new Error(`Nothing is due, and ${executionId} runs: ${JSON.stringify(played)}`);
    await harness.moveTo(due);
  }
  throw new Error("It goes on without end.");
}

/** All doubts, each as if it had arrived. */
async function answered({ engine, world }: Harness): Promise<boolean> {
  for (const { effectKey } of world.card("doubt")) {
    const said = await engine.resolveDoubt({ effectKey, person: lead, answer: "arrived" });
    if (said.kind !== "refused") return true;
  }
  return false;
}

async function decided({ engine }: Harness, played: Case, state: ExecutionState): Promise<boolean> {
  for (const { id: stepId, approval } of Object.values(state.steps)) {
    const part = played.parts[Number(stepId.slice(1))];
    if (approval?.status !== "pending" || part === undefined || (part.decision ?? "approve") === "expire") continue;
    const reference = { executionId: state.executionId, stepId, person: lead };
    let { version } = approval;
    if (part.edits !== undefined) {
      const edits: FieldEdit[] = [{ step: idOf(part.edits), field: "note", value: `edited by ${stepId}` }];
      const edited = await engine.edit({ ...reference, version, edits });
      if (edited.kind === "edited") version = edited.version;
    }
    const decision = part.decision === "reject" ? ("reject" as const) : ("approve" as const);
    await engine.decide({ ...reference, version, decision, reason: "so" });
    return true;
  }
  return false;
}

function traceOf(state: ExecutionState, diary: Diary): Trace {
  const { calls, undone, order } = diary;
  const steps = Object.values(state.steps).map((step): [string, StepTrace] => {
    if (step.status === "failed") return [step.id, { status: "failed", error: step.failure?.error ?? "" }];
    if (step.status === "skipped") return [step.id, { status: "skipped", reason: step.skipped ?? "" }];
    return [step.id, { status: step.status, output: step.approval === null ? step.output : step.approval.status }];
  });
  return {
    status: state.status,
    outcome: state.outcome,
    error: state.failure?.failure.error ?? null,
    steps: Object.fromEntries(steps),
    calls,
    undone,
    order,
  };
}
