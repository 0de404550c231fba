/**
 * What must hold between a machine's states: transitions, scopes, handlers, expressions. Wherever AWS checks only when it runs,
 * this checks beforehand. https://states-language.net/spec.html
 */
import { addedNames, builtinNames } from "./added-functions.ts";
import { expressionProblems } from "./expression-rules.ts";
import { isAlmostExpression, isExpression, parse } from "./expression.ts";
import { reservedErrors } from "./failure.ts";
import { branchesOf, isDistributed, isGuarded, readMachine } from "./machine.ts";
import type { Branch, Guarded, Machine, MapState, State, Task, Wait } from "./machine.ts";
import { readResource, waitsForToken } from "./resources.ts";
import { assignedBy, placesOf, targetsOf, textsOf } from "./state-fields.ts";
import { readTimestamp } from "./timestamp.ts";

export const maxDefinition = 1_048_576;
const maxName = 80;
const maxInlineConcurrency = 40;
const variableName = /^[\p{ID_Start}]\p{ID_Continue}*$/u;

export class InvalidDefinition extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`SCHEMA_VALIDATION_FAILED: ${problems.join("; ")}`);
    this.problems = problems;
  }
}

/** The machine, in its own copy. Throws `InvalidDefinition` with every problem. */
export function admit(definition: unknown): Machine {
  return admitText(JSON.stringify(definition));
}

/** Machines that were admitted last, by their text: sub-flows start the same ones again and again. Nobody changes one. */
const admitted = new Map<string, Machine>();
const mostAdmitted = 20;

/** As `admit`; undefined: what no JSON can say. */
export function admitText(text: string | undefined): Machine {
  if (text === undefined) throw new InvalidDefinition(["the definition: is no JSON"]);
  const machine = admitted.get(text) ?? readAdmissible(text);
  admitted.delete(text);
  const oldest = admitted.keys().next().value;
  if (admitted.size >= mostAdmitted && oldest !== undefined) admitted.delete(oldest);
  admitted.set(text, machine);
  return machine;
}

function readAdmissible(text: string): Machine {
  if (Buffer.byteLength(text) > maxDefinition) {
    throw new InvalidDefinition([`the definition: is larger than ${maxDefinition} bytes`]);
  }
  const read = readMachine(JSON.parse(text));
  if ("problems" in read) throw new InvalidDefinition(read.problems);
  const problems = machineProblems(read.machine);
  if (problems.length > 0) throw new InvalidDefinition(problems);
  return read.machine;
}

/** Every problem, each as `STATE: sentence`. */
export function machineProblems(machine: Machine): string[] {
  return [...repeatedNames(machine), ...branchProblems(machine, { at: "the machine", outer: new Set() })];
}

function repeatedNames(machine: Machine): string[] {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  const pending: Branch[] = [machine];
  for (let branch = pending.pop(); branch !== undefined; branch = pending.pop()) {
    for (const [name, state] of Object.entries(branch.States)) {
      if (seen.has(name)) repeated.add(name);
      seen.add(name);
      pending.push(...branchesOf(state));
    }
  }
  return [...repeated].map((name) => `${name}: another state has this name`);
}

interface Surroundings {
  /** The state that the branch is in. */
  at: string;
  /** Names assigned in the scopes around. */
  outer: ReadonlySet<string>;
}

function branchProblems(branch: Branch, { at, outer }: Surroundings): string[] {
  const states = Object.entries(branch.States);
  const own = new Set(states.flatMap(([, state]) => assignedBy(state)));
  const visible = new Set([...outer, ...own]);
  return [
    ...(Object.hasOwn(branch.States, branch.StartAt) ? [] : [`${at}: StartAt ${branch.StartAt} is no state of it`]),
    ...(states.some(([, state]) => isTerminal(state)) ? [] : [`${at}: nothing ends it`]),
    ...unreachable(branch),
    ...[...own].filter((name) => outer.has(name)).map((name) => `${at}: $${name} is assigned outside already`),
    ...states.flatMap(([name, state]) => [
      ...stateProblems(name, state, branch).map((problem) => `${name}: ${problem}`),
      ...branchesOf(state).flatMap((inner) =>
        branchProblems(inner, {
          at: name,
          outer: state.Type === "Map" && isDistributed(state) ? new Set<string>() : visible,
        }),
      ),
    ]),
  ];
}

function isTerminal(state: State): boolean {
  return state.Type === "Succeed" || state.Type === "Fail" || ("End" in state && state.End === true);
}

function unreachable(branch: Branch): string[] {
  const reached = new Set<string>();
  const pending = [branch.StartAt];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const state = Object.hasOwn(branch.States, name) ? branch.States[name] : undefined;
    if (reached.has(name) || state === undefined) continue;
    reached.add(name);
    pending.push(...targetsOf(state));
  }
  const lost = Object.keys(branch.States).filter((name) => !reached.has(name));
  return lost.map((name) => `${name}: nothing leads to it`);
}

function stateProblems(name: string, state: State, branch: Branch): string[] {
  const { length } = name;
  return [
    ...(length >= 1 && length <= maxName ? [] : [`a state's name has 1 to ${maxName} characters`]),
    ...targetsOf(state)
      .filter((target) => !Object.hasOwn(branch.States, target))
      .map((target) => `leads to ${target}, which is no state of its branch`),
    ...("Next" in state || "End" in state || canEnd(state) ? nextProblems(state) : []),
    ...assignedBy(state).flatMap(variableProblems),
    ...placesOf(state).flatMap(placeProblems),
    ...(isGuarded(state) ? handlerProblems(state) : []),
    ...ownProblems(state),
  ];
}

function canEnd(state: State): boolean {
  return state.Type !== "Choice" && state.Type !== "Succeed" && state.Type !== "Fail";
}

function nextProblems(state: State): string[] {
  const next = "Next" in state && state.Next !== undefined;
  const end = "End" in state && state.End === true;
  return next === end ? ["has either Next or End"] : [];
}

function variableProblems(name: string): string[] {
  if (name === "states") return ["$states is reserved"];
  if (name.length > maxName) return [`a variable's name has at most ${maxName} characters`];
  if (builtinNames.has(name) || addedNames.includes(name))
    return [`$${name} is a function; what it is once assigned isn't said`];
  return variableName.test(name) ? [] : [`${JSON.stringify(name)} is no name of a variable`];
}

function placeProblems({ field, template, sees }: ReturnType<typeof placesOf>[number]): string[] {
  return textsOf(template).flatMap((text) => {
    if (isAlmostExpression(text))
      return [`${field}: an expression begins with {% and ends with %}, without blanks around`];
    if (!isExpression(text)) return [];
    try {
      return expressionProblems(parse(text).examined, sees).map((problem) => `${field}: ${problem} (${text})`);
    } catch (error) {
      const what =
        typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
      return [`${field}: ${what} (${text})`];
    }
  });
}

function handlerProblems(state: Guarded): string[] {
  return [
    ...errorListProblems("Retry", state.Retry ?? []),
    ...errorListProblems("Catch", state.Catch ?? []),
    ...(state.Retry ?? []).flatMap(({ IntervalSeconds = 1, MaxDelaySeconds }, index) =>
      MaxDelaySeconds === undefined || MaxDelaySeconds >= IntervalSeconds
        ? []
        : [`Retry[${index}]: MaxDelaySeconds is less than IntervalSeconds`],
    ),
  ];
}

function errorListProblems(field: string, handlers: readonly { ErrorEquals: string[] }[]): string[] {
  return handlers.flatMap(({ ErrorEquals }, index) => {
    const all = ErrorEquals.includes("States.ALL");
    const made = ErrorEquals.filter((error) => error.startsWith("States.") && !reservedErrors.includes(error));
    return [
      ...(all && ErrorEquals.length > 1 ? [`${field}[${index}]: States.ALL stands alone in its list`] : []),
      ...(all && index < handlers.length - 1 ? [`${field}[${index}]: States.ALL stands in the last one`] : []),
      ...made.map((error) => `${field}[${index}]: ${error} is no error of Step Functions`),
    ];
  });
}

function ownProblems(state: State): string[] {
  switch (state.Type) {
    case "Task":
      return taskProblems(state);
    case "Map":
      return mapProblems(state);
    case "Wait":
      return waitProblems(state);
    case "Fail":
      return state.Error?.startsWith("States.") === true ? ["names beginning with States. are reserved"] : [];
    case "Pass":
    case "Succeed":
    case "Choice":
    case "Parallel":
      return [];
    default:
      return state satisfies never;
  }
}

function taskProblems(state: Task): string[] {
  const { Resource, Arguments, TimeoutSeconds, HeartbeatSeconds } = state;
  const resource = readResource(Resource);
  const tokens = textsOf(Arguments ?? null).some(
    (text) => isExpression(text) && text.includes("$states.context.Task.Token"),
  );
  const fields = typeof Arguments === "object" && Arguments !== null && !Array.isArray(Arguments) ? Arguments : {};
  const needed =
    resource?.kind === "lambda" ? "FunctionName" : resource?.kind === "execution" ? "StateMachineArn" : null;
  const isShort =
    typeof TimeoutSeconds !== "number" || typeof HeartbeatSeconds !== "number" || HeartbeatSeconds < TimeoutSeconds;
  return [
    ...(resource === null ? [`Resource ${Resource} is none that can be run here`] : []),
    ...(waitsForToken(Resource) && !tokens ? ["waits for a token that its Arguments give nobody"] : []),
    ...(!waitsForToken(Resource) && tokens ? ["has no token: its Resource doesn't end in .waitForTaskToken"] : []),
    ...(needed !== null && typeof Arguments !== "string" && !Object.hasOwn(fields, needed)
      ? [`Arguments: ${needed} is missing`]
      : []),
    ...(isShort ? [] : ["HeartbeatSeconds isn't smaller than TimeoutSeconds"]),
  ];
}

function mapProblems(state: MapState): string[] {
  if (isDistributed(state)) return [];
  const { ToleratedFailureCount, ToleratedFailurePercentage, Label, MaxConcurrency } = state;
  const foreign = { ToleratedFailureCount, ToleratedFailurePercentage, Label };
  return [
    ...Object.entries(foreign).flatMap(([field, value]) =>
      value === undefined ? [] : [`${field} belongs to a Distributed Map`],
    ),
    ...(typeof MaxConcurrency === "number" && MaxConcurrency > maxInlineConcurrency
      ? [`an inline Map runs at most ${maxInlineConcurrency} at a time`]
      : []),
  ];
}

function waitProblems({ Seconds, Timestamp }: Wait): string[] {
  if ((Seconds === undefined) === (Timestamp === undefined)) return ["has either Seconds or Timestamp"];
  if (Timestamp === undefined || isExpression(Timestamp) || readTimestamp(Timestamp) !== null) return [];
  return [`Timestamp ${Timestamp} is none of RFC 3339`];
}
