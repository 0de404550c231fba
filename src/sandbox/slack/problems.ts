/** Collects refusals in Slack's form: a sentence and a JSON pointer. */

export type Fields = Record<string, unknown>;

export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export class Problems {
  readonly found: string[] = [];

  add(sentence: string, at: string): void {
    this.found.push(`${sentence} [json-pointer:${at}]`);
  }

  /** A required string of 1 to `longest` characters. */
  text(value: unknown, at: string, longest: number): void {
    if (value === undefined) return this.add(`missing required field: ${at.split("/").at(-1)}`, at);
    if (typeof value !== "string") return this.add("must be a string", at);
    if (value.length === 0) this.add("must be more than 0 characters", at);
    this.#limit(value, at, longest);
  }

  optionalText(value: unknown, at: string, longest: number): void {
    if (value === undefined) return;
    if (typeof value !== "string") return this.add("must be a string", at);
    this.#limit(value, at, longest);
  }

  /** A required list of 1 to `most` items. */
  list(value: unknown, at: string, most: number, each: (item: unknown, at: string) => void): void {
    if (value === undefined) return this.add(`missing required field: ${at.split("/").at(-1)}`, at);
    if (!Array.isArray(value)) return this.add("must be an array", at);
    if (value.length === 0) this.add("no fewer than 1 items allowed", at);
    if (value.length > most) this.add(`no more than ${most} items allowed`, at);
    for (const [index, item] of value.entries()) each(item, `${at}/${index}`);
  }

  #limit(value: string, at: string, longest: number): void {
    if (value.length > longest) this.add(`must be less than ${longest + 1} characters`, at);
  }
}
