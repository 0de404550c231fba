/** One action of the API: its input's schema, and what it does. */
import { z } from "zod";
import type { Json } from "../../../src/flow/json.ts";
import type { Clock } from "../../../src/flow/clock.ts";
import type { Interpreter } from "../interpreter/interpreter.ts";
import { ApiError } from "./api-error.ts";

export interface Service extends Interpreter {
  clock: Clock;
  fraction: () => number;
}

export type Action = (input: unknown, service: Service) => Promise<Output>;
export type Output = { [field: string]: unknown };

/** Reads the input by its schema (ValidationException), then acts. */
export function action<T>(schema: z.ZodType<T>, act: (input: T, service: Service) => Output | Promise<Output>): Action {
  return async (input, service) => {
    const read = schema.safeParse(input);
    if (!read.success) throw new ApiError("ValidationException", z.prettifyError(read.error));
    return act(read.data, service);
  };
}

/** Instants are seconds on this wire. */
export function seconds(at: number): number {
  return at / 1000;
}

export function parseJson(text: string, error: string): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch (problem) {
    throw new ApiError(error, `Invalid JSON: ${problem instanceof Error ? problem.message : String(problem)}`);
  }
}
