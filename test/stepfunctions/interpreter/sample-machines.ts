/** Small machines for tests, and ways to look at what came of them. */
import type { Json } from "../../../src/flow/json.ts";
import type { LambdaHandler } from "./handlers.ts";
import { runMachine } from "./interpreter.ts";
import type { MachineEnd, MachineRun } from "./interpreter.ts";

export type States = Record<string, object>;

/** Starts at the first state. */
export function machine(states: States, more: object = {}): object {
  return { QueryLanguage: "JSONata", ...branch(states), ...more };
}

export function branch(states: States): { StartAt: string; States: States } {
  return { StartAt: Object.keys(states)[0] ?? "", States: states };
}

/** A Task on the function of that name, ending its branch unless `more` says otherwise. */
export function task(functionName: string, more: object = {}): object {
  const end = "Next" in more ? {} : { End: true };
  const Arguments = { FunctionName: functionName, Payload: { input: "{% $states.input %}" } };
  return { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Arguments, ...end, ...more };
}

export function tokenTask(functionName: string, more: object = {}): object {
  return task(functionName, {
    Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
    Arguments: { FunctionName: functionName, Payload: { token: "{% $states.context.Task.Token %}" } },
    ...more,
  });
}

export function pass(output: unknown, more: object = {}): object {
  return { Type: "Pass", Output: output, ...("Next" in more ? {} : { End: true }), ...more };
}

/** Answers null after so many milliseconds of the execution's time; `Infinity`: never. */
export function takes(ms: number): LambdaHandler {
  return async (_name, _payload, { pause }) => {
    await pause(ms);
    return null;
  };
}

/** The token in the payload of a `tokenTask`. */
export function tokenOf(payload: Json): string {
  const fields = typeof payload === "object" && payload !== null && !Array.isArray(payload) ? payload : {};
  if (typeof fields["token"] !== "string") throw new Error("There is no token.");
  return fields["token"];
}

export function run(states: States, more: Partial<MachineRun> & { fields?: object } = {}): Promise<MachineEnd> {
  const { fields = {}, ...others } = more;
  return runMachine({ definition: machine(states, fields), ...others });
}

/** Each call's answer or failure in turn; the last one again and again. */
export function answers(...given: unknown[]): LambdaHandler {
  let calls = 0;
  return async () => {
    const one = given[Math.min(calls++, given.length - 1)];
    if (one instanceof Error) throw one;
    return JSON.parse(JSON.stringify(one ?? null));
  };
}

export function types(end: MachineEnd): string[] {
  return end.events.map(({ type }) => type);
}

/** Seconds from the start at which events of a type happened. */
export function secondsOf(end: MachineEnd, type: string): number[] {
  return end.events.filter((event) => event.type === type).map(({ timestamp }) => (timestamp - end.startedAt) / 1000);
}
