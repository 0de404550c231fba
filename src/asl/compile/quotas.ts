/**
 * What Step Functions takes and no more, as its "service quotas" and "variables" pages have it; none of these can be raised. A
 * machine that breaks one is refused by name before it is deployed.
 */
import { kibibytes } from "../handlers/payload.ts";
import type { Remark } from "./compilation.ts";
import { longestWay } from "./longest-way.ts";
import type { Machine, State } from "./machine.ts";

export const mostEvents = 25_000;
const mostDefinitionBytes = 1_048_576;
/** Characters, of states and of variables. */
const longestName = 80;
/** Of an execution, however little it does. */
const longestExecutionSeconds = 31_536_000;

export function overQuotas(machine: Machine): Remark[] {
  const bytes = Buffer.byteLength(JSON.stringify(machine));
  return [...ofDefinition(bytes), ...ofNames(machine), ...ofWaits(machine)];
}

function ofDefinition(bytes: number): Remark[] {
  if (bytes <= mostDefinitionBytes) return [];
  const message = `the state machine would have ${kibibytes(bytes)}, and Step Functions takes ${kibibytes(mostDefinitionBytes)}; split it into sub-flows`;
  return [{ step: null, message }];
}

/** Ids have 64 characters at most, and what stands behind them in names fits; this holds it so. */
function ofNames({ States }: Machine): Remark[] {
  const names = allStates(States).flatMap(([name, state]) => [
    { name, what: "state" },
    ...("Assign" in state ? Object.keys(state.Assign ?? {}) : []).map((variable) => ({
      name: variable,
      what: "variable",
    })),
  ]);
  return names
    .filter(({ name }) => name.length > longestName)
    .map(({ name, what }) => ({
      step: name.split(" ")[0] ?? null,
      message: `the ${what} “${name}” would have ${name.length} characters, and Step Functions takes ${longestName}; choose a shorter id`,
    }));
}

/** Waits that stand in the flow, along the longest way; what people take comes on top. */
function ofWaits(machine: Machine): Remark[] {
  const seconds = longestWay(machine, ownWait);
  if (seconds <= longestExecutionSeconds) return [];
  const days = Math.ceil(seconds / 86_400).toLocaleString("en");
  const message = `its waits take ${days} days together, and Step Functions ends an execution after a year; let a schedule start what comes later`;
  return [{ step: null, message }];
}

function ownWait(state: State): number {
  if (state.Type === "Wait") return state.Seconds ?? 0;
  if (state.Type !== "Parallel") return 0;
  return Math.max(0, ...state.Branches.map((part) => longestWay(part, ownWait)));
}

function allStates(states: Record<string, State>): [string, State][] {
  return Object.entries(states).flatMap(([name, state]): [string, State][] => {
    const own: [string, State][] = [[name, state]];
    if (state.Type === "Parallel") return [...own, ...state.Branches.flatMap(({ States }) => allStates(States))];
    return state.Type === "Map" ? [...own, ...allStates(state.ItemProcessor.States)] : own;
  });
}
