/**
 * `write-schema-1.ts FILE`: how `schema-1.db` was made, by the code that wrote schema 1 (commit 14283ea). To make it again,
 * check that commit out into a worktree, copy this file to its place there, and run it with Node 24.
 */
import { DatabaseSync } from "node:sqlite";
import { FailureError } from "../../../src/flow/failure.ts";
import { openSqliteStateStore } from "../../../src/state/sqlite/sqlite-state-store.ts";
import { renewalFlow, seedFlow } from "../../engine/flows.ts";
import { kill, startHarness } from "../../engine/harness.ts";
import { answer, customer, scriptedAgents } from "../../engine/scripted-agents.ts";
import { dana, World } from "../../engine/world.ts";

const [path = ""] = process.argv.slice(2);
const later = { renewal_date: "2027-06-30" };
// Two that a batch matches; the others are started alone, each to end in another way.
const customers = [
  customer("alpha"),
  customer("beta"),
  ...["approving", "failing", "doubtful", "held", "waiting"].map((id) => customer(id, later)),
  customer("done", { ...later, nps: 10 }),
];
const agents = scriptedAgents({
  retrieve: (request) => {
    if (request.customer?.id === "held") return new Promise(() => {});
    if (request.customer?.id === "failing") throw new FailureError({ error: "Input.Invalid", cause: "no such record" });
    return answer({ usage: 0.4 });
  },
});
const world = new World();
const store = await openSqliteStateStore({ path });
const flows = [renewalFlow(), seedFlow({ flow_id: "seed" })];
const harness = await startHarness({ flows, customers, agents, store, world });
const { engine } = harness;

async function start(flowId: string, customerId: string): Promise<string> {
  const { executionId } = await engine.start({ flowId, input: { customer_id: customerId }, person: null });
  return executionId;
}

await start("renewal", "waiting");
const approving = await start("renewal", "approving");
await start("renewal", "failing");
await start("seed", "done");
await engine.idle();
const vote = { stepId: "approve", version: 1, person: dana, decision: "approve", reason: null } as const;
await engine.decide({ executionId: approving, ...vote });
await engine.idle();
await engine.startBatch({ flowId: "renewal", person: dana, channel: "#revops", requestId: "batch" });
await engine.idle();
world.fault = ({ effect }) => (effect.kind === "email" ? { kind: "answer_lost" } : null);
await start("seed", "doubtful");
await engine.idle();
await start("renewal", "held");
await kill(harness);
await store.close();

const database = new DatabaseSync(path);
database.exec("PRAGMA journal_mode = DELETE; VACUUM");
database.close();
