/**
 * `worker.ts STATE JOURNAL`: an engine of its own on a store that it shares with others, without Slack. STATE is the settings'
 * JSON. It does what the app does: it ticks, looks when a lease falls, and ends when its own is lost.
 */
import { z } from "zod";
import { AppClock, systemRandomness, systemRealTime, systemTime } from "../../src/app/app-clock.ts";
import { openState } from "../../src/app/state.ts";
import type { EngineContext } from "../../src/engine/context.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { startEngine } from "../../src/engine/flow-engine.ts";
import { defaultRetention } from "../../src/engine/retention.ts";
import { customerDirectory } from "../engine/scripted-agents.ts";
import { lead, World, worldPorts } from "../engine/world.ts";
import { Journal, journalNotifiers, journalPresenter } from "./journal.ts";
import { Asked, fencedCode, type Request, type Told } from "./messages.ts";
import { agents, customers, flows } from "./mixture.ts";

const State = z.union([
  z.strictObject({ kind: z.literal("sqlite"), path: z.string() }),
  z.strictObject({ kind: z.literal("dynamodb"), table: z.string() }),
]);
const tickMs = 2_000;
const graceMs = 10_000;

const [state = "", folder = ""] = process.argv.slice(2);
const journal = new Journal(folder);
const started: { engine: Engine | null } = { engine: null };
const look = () => {
  started.engine?.tick().catch((error: unknown) => complain({ err: error }, "a tick failed"));
};
const store = await openState(State.parse(JSON.parse(state)), {
  onFallen: look,
  onLost: () => process.exit(fencedCode),
});
const context: EngineContext = {
  store,
  flows: {
    all: () => flows.map((definition) => ({ definition, file: null })),
    get: ({ flowId }) => flows.find(({ flow_id }) => flow_id === flowId) ?? null,
  },
  agents,
  customers: customerDirectory(customers),
  notifiers: journalNotifiers(journal),
  presenter: journalPresenter(journal),
  people: worldPorts(new World(), { alive: true, step: () => {} }).people,
  channels: { default: "#revops", alerts: "#renewals", flows: {} },
  variables: {},
  timezone: "UTC",
  clock: new AppClock(systemTime),
  randomness: systemRandomness,
  realTime: systemRealTime,
  limits: {},
  retention: defaultRetention,
  logger: { info: () => {}, warn: complain, error: complain },
};
const engine = await startEngine(context);
started.engine = engine;
setInterval(look, tickMs);
process.on("message", (message) => void hear(message));
process.on("SIGTERM", () => void stop());
// Whoever asked is gone.
process.on("disconnect", () => process.exit(0));
tell({ kind: "ready" });

async function hear(message: unknown): Promise<void> {
  const { id, request } = Asked.parse(message);
  try {
    tell({ kind: "answered", id, value: await act(request) });
  } catch (error) {
    tell({ kind: "refused", id, message: error instanceof Error ? error.message : String(error) });
  }
}

async function act(request: Request): Promise<string> {
  switch (request.kind) {
    case "start": {
      const { flowId, startKey, customerId } = request;
      const input = { customer_id: customerId };
      return (await engine.start({ flowId, input, person: null, startKey })).executionId;
    }
    case "approve": {
      const { executionId, stepId } = request;
      const vote = { executionId, stepId, version: 1, person: lead, decision: "approve", reason: null } as const;
      return (await engine.decide(vote)).kind;
    }
    case "resolve": {
      const { effectKey, answer } = request;
      return (await engine.resolveDoubt({ effectKey, person: lead, answer })).kind;
    }
    default:
      return request satisfies never;
  }
}

async function stop(): Promise<void> {
  await engine.stop({ graceMs });
  await store.close();
  process.exit(0);
}

function complain(fields: object, message: string): void {
  const error = "err" in fields && fields.err instanceof Error ? `: ${fields.err.message}` : "";
  tell({ kind: "complained", message: `${message}${error}` });
}

function tell(told: Told): void {
  process.send?.(told);
}
