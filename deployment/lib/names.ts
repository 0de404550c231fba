/** What things are called in the account. Names are fixed, so that roles can name exactly what they may touch. */
import { createHash } from "node:crypto";
import { ArnFormat, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";

/** AWS's limit for a state machine, and for a queue. */
const longestMachineName = 80;
/** AWS's limit for a schedule. */
const longestScheduleName = 64;

/** What new executions start with; the versions before stay. */
export const aliasName = "live";

export const tableName = (name: string): string => name;
export const functionName = (name: string, which: "actions" | "effects"): string => `${name}-${which}`;
export const machineName = (name: string, flowId: string): string => `${name}-${flowId}`;

/** A hyphen is in no flow_id, so this is no flow's machine. */
export function batchMachineName(name: string, flowId: string): string {
  return shortened(`${name}-${flowId}-batch`, longestMachineName);
}

export function scheduleName({ name, flowId, number }: { name: string; flowId: string; number: number }): string {
  return shortened(`${name}-${flowId}-${number}`, longestScheduleName);
}

/** A flow's own, so that what its firings meet can be counted. */
export function scheduleGroupName(name: string, flowId: string): string {
  return shortened(`${name}-${flowId}`, longestScheduleName);
}

/** Where firings go that could not be started. */
export function lostFiringsName(name: string, flowId: string): string {
  return shortened(`${name}-${flowId}-lost-firings`, longestMachineName);
}

/** CloudFormation allows no underscore. */
export const flowStackName = (name: string, flowId: string): string => `${name}-flow-${flowId.replaceAll("_", "-")}`;

/** Of an account and region that are only known at deployment. */
export function machineArn(scope: Construct, machine: string): string {
  return Stack.of(scope).formatArn({
    service: "states",
    resource: "stateMachine",
    resourceName: machine,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

export function executionsArn(scope: Construct, machine: string): string {
  return Stack.of(scope).formatArn({
    service: "states",
    resource: "execution",
    resourceName: `${machine}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

function shortened(name: string, longest: number): string {
  if (name.length <= longest) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, longest - hash.length - 1)}-${hash}`;
}
