/** Which engine the bot speaks to, and where the machines of its flows are. */
import type { Construct } from "constructs";
import { aliasName, machineArn, machineName } from "./names.ts";
import type { Settings } from "./settings.ts";

/** Stands for a flow_id in REVOPS_STATE_MACHINES. */
const anyFlow = "FLOW";

export function engineEnvironment(scope: Construct, { engine, name }: Settings): Record<string, string> {
  if (engine === "embedded") return {};
  const machines = `${machineArn(scope, machineName(name, anyFlow))}:${aliasName}`;
  return { REVOPS_ENGINE: "stepfunctions", REVOPS_STATE_MACHINES: machines };
}
