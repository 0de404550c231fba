/** The state machines that REVOPS_STATE_MACHINES names: whether each flow has one there, and whether it may be asked. */
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { isDenied, serviceErrorName } from "../../asl/engine/service-error.ts";
import { ok, problem, type Check } from "../../flow/check-up.ts";
import type { Patient } from "./examine.ts";

const about = "state machines";
const deploying = "Deploy the flows that the app runs with (npx revops deploy), or correct REVOPS_STATE_MACHINES.";
const mostAttempts = 2;

type Service = Pick<SFNClient, "send">;

/** None where the app drives by itself. */
export async function machinesCheck(
  { engine, flows }: Pick<Patient, "engine"> & { flows: Pick<Patient["flows"], "all"> },
  given?: Service,
): Promise<Check[]> {
  if (engine.kind === "embedded") return [];
  const client = given ?? new SFNClient({ maxAttempts: mostAttempts });
  try {
    const missing: string[] = [];
    for (const { definition } of flows.all) {
      const machine = engine.arns.unqualified(definition.flow_id);
      if (!(await isThere(client, machine))) missing.push(machine);
    }
    const [first, ...others] = missing;
    if (first === undefined) return [ok(about, `each of ${flows.all.length} flows has its own`)];
    const more = others.length === 0 ? "" : `, and ${others.length} more`;
    return [problem(about, `there is no ${first}${more}`, deploying)];
  } catch (error) {
    if (!isDenied(error)) throw error;
    const said = error instanceof Error ? error.message : String(error);
    return [problem(about, said, "docs/deployment.md lists the rights that the bot needs.")];
  } finally {
    if (given === undefined && client instanceof SFNClient) client.destroy();
  }
}

/** By a request that the bot has a right to anyway. */
async function isThere(client: Service, stateMachineArn: string): Promise<boolean> {
  try {
    await client.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1 }));
    return true;
  } catch (error) {
    if (serviceErrorName(error) === "StateMachineDoesNotExist") return false;
    throw error;
  }
}
