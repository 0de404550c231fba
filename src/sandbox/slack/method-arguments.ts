/** A Web API call's arguments, from a form or from JSON, read with Slack's refusals. */
import { isObject, type Fields } from "./problems.ts";
import { SlackError } from "./slack-error.ts";

export class MethodArguments {
  readonly #values: Fields;

  constructor(values: Fields) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined && this.#values[name] !== null;
  }

  /** Empty counts as not given, as it does for Slack. */
  text(name: string): string | null {
    const value = this.#values[name];
    if (typeof value === "number") return String(value);
    return typeof value === "string" && value !== "" ? value : null;
  }

  required(name: string, error = "invalid_arguments"): string {
    const value = this.text(name);
    if (value !== null) return value;
    throw new SlackError(error, error === "invalid_arguments" ? [`missing required field: ${name}`] : []);
  }

  flag(name: string): boolean {
    const value = this.#values[name];
    return value === true || value === 1 || value === "true" || value === "1";
  }

  count(name: string, usual: number, most: number): number {
    const value = this.#values[name];
    if (value === undefined || value === "") return usual;
    const count = Number(value);
    if (!Number.isInteger(count) || count < 0) throw new SlackError("invalid_limit");
    return Math.min(count === 0 ? usual : count, most);
  }

  /** A form carries it as text, JSON as itself; `undefined` where it isn't given. */
  structure(name: string, error: string): unknown {
    const value = this.#values[name];
    if (value === undefined || value === null || value === "") return undefined;
    if (typeof value !== "string") return value;
    try {
      return JSON.parse(value);
    } catch {
      throw new SlackError(error);
    }
  }

  object(name: string, error: string): Fields {
    const value = this.structure(name, error);
    if (!isObject(value)) throw new SlackError(error);
    return value;
  }
}
