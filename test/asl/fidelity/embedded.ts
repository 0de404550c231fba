/** A case on the embedded engine, through to its end. */
import type { FieldEdit } from "../../../src/flow/event.ts";
import type { ExecutionState } from "../../../src/flow/execution.ts";
import type { FlowDefinition } from "../../../src/flow/flow.ts";
import { startHarness, type Harness } from "../../engine/harness.ts";
import { answer, customer, scriptedAgents, type Script } from "../../engine/scripted-agents.ts";
import { lead, second, World } from "../../engine/world.ts";
import { VirtualClock } from "../../engine/virtual-clock.ts";
import { scripts } from "../../engine/scripted-agents.ts";
import { act } from "./actions.ts";
import { HangingTime } from "./hanging-time.ts";
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
  const clock = new VirtualClock();
  const time = new HangingTime(clock);
  const script =
    (action: string): Script =>
    (request) => {
      const { parameters, context } = request;
      const asked = { action, stepId: context.stepId, index: indexOf(request), parameters };
      return time.bounded(request, () => answer(act(played, diary, asked)));
    };
  const notify: Script = (request) => {
    const { stepId } = request.context;
    return time.bounded(request, async () => {
      const output = act(played, diary, { action: "notify", stepId, index: indexOf(request), parameters: {} });
      const sent = await scripts["notify"]?.(request);
      return { output, effects: sent?.effects ?? [] };
    });
  };
  const world = new World();
  world.fault = ({ key, effect, times }) => {
    const part = played.parts[Number(key.split("/")[1]?.slice(1))];
    return part?.doubt === true && effect.kind === "email" && times === 1 ? { kind: "answer_lost" } : null;
  };
  const about = customer("acme", { nps: played.nps ?? null });
  const agents = scriptedAgents({
    ...Object.fromEntries(["act", "undo", "undo_fails", "break"].map((action) => [action, script(action)])),
    notify,
  });
  const flows = [definition, ...children];
  const harness = await startHarness({ flows, customers: [about], agents, world, clock, realTime: time });
  const started = await harness.engine.start({ flowId: "renewal", input: { customer_id: "acme" }, person: null });
  const executionId = "executionId" in started ? started.executionId : "";
  const state = await toTheEnd(harness, played, executionId);
  await harness.engine.stop({ graceMs: 0 });
  const notices = world.effects.filter(({ key }) => key === `${executionId}/#failure`);
  for (const { effect } of notices) if (effect.kind === "email") diary.told.push(effect.to);
  return { trace: traceOf(state, diary), definition, executionId, startedAt: state.startedAt, customer: about };
}

/** Of the item that an action is asked for; null: of none. */
function indexOf({ context }: Parameters<Script>[0]): number | null {
  const [, , index] = context.idempotencyKey.split("/");
  return index === undefined || index.startsWith("#") ? null : Number(index);
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
    if (part.late_decision === true && approval.escalated === null) continue;
    const reference = { executionId: state.executionId, stepId, reason: "so" };
    let { version } = approval;
    if (part.edits !== undefined) {
      const edits: FieldEdit[] = [{ step: idOf(part.edits), field: "note", value: `edited by ${stepId}` }];
      const edited = await engine.edit({ ...reference, person: lead, version, edits });
      if (edited.kind === "edited") version = edited.version;
    }
    // Of two that have to agree the one approves whatever comes of it.
    if (part.quorum === 2) await engine.decide({ ...reference, person: second, version, decision: "approve" });
    const decision = part.decision === "reject" ? ("reject" as const) : ("approve" as const);
    await engine.decide({ ...reference, person: lead, version, decision });
    return true;
  }
  return false;
}

function traceOf(state: ExecutionState, diary: Diary): Trace {
  const { calls, told, undone, order } = diary;
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
    told,
    undone,
    order,
  };
}
