/** Where a flow's state machine is, by the pattern of the settings: an ARN with FLOW in the place of the flow_id. */
const machinePattern =
  /^(?<before>arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}):stateMachine:(?<name>[A-Za-z0-9_-]*FLOW[A-Za-z0-9_-]*)(?::(?<qualifier>[A-Za-z0-9_.-]+))?$/;
const inPlaceOfFlow = "FLOW";
/** AWS's limit for the name of a state machine. */
const longestName = 80;

export interface MachineArns {
  /** What new executions start with; an alias or a version where the pattern has one. */
  machine(flowId: string): string;
  /** Whatever the alias or version: all executions of that machine. */
  unqualified(flowId: string): string;
  execution(parameters: { flowId: string; name: string }): string;
}

/** Null: it is no such pattern. */
export function readMachineArns(pattern: string): MachineArns | null {
  const groups = machinePattern.exec(pattern)?.groups;
  if (groups === undefined) return null;
  const { before = "", name = "", qualifier } = groups;
  const named = (flowId: string) => name.replace(inPlaceOfFlow, () => flowId).slice(0, longestName);
  return {
    machine: (flowId) => `${before}:stateMachine:${named(flowId)}${qualifier === undefined ? "" : `:${qualifier}`}`,
    unqualified: (flowId) => `${before}:stateMachine:${named(flowId)}`,
    execution: ({ flowId, name: execution }) => `${before}:execution:${named(flowId)}:${execution}`,
  };
}
