/** Where a value isn't what was expected of it; what an expectation leaves out may be anything. Pure. */
import type { Json } from "../flow/json.ts";

export interface Difference {
  path: (string | number)[];
  message: string;
}

/** A list must have as many items; of a mapping the keys that are expected. A text in slashes is a regular expression. */
export function differences(expected: Json, found: Json | undefined, path: (string | number)[] = []): Difference[] {
  if (Array.isArray(expected)) return ofList(expected, found, path);
  if (expected !== null && typeof expected === "object") {
    if (found === null || typeof found !== "object" || Array.isArray(found)) return [different(expected, found, path)];
    return Object.entries(expected).flatMap(([key, value]) =>
      differences(value, Object.hasOwn(found, key) ? found[key] : undefined, [...path, key]),
    );
  }
  return isMet(expected, found) ? [] : [different(expected, found, path)];
}

function ofList(expected: Json[], found: Json | undefined, path: (string | number)[]): Difference[] {
  if (!Array.isArray(found)) return [different(expected, found, path)];
  if (found.length !== expected.length) {
    const message = `${named(path)}expected ${expected.length}, found ${found.length}: ${shown(found)}`;
    return [{ path, message }];
  }
  return expected.flatMap((one, index) => differences(one, found[index], [...path, index]));
}

function isMet(expected: Json, found: Json | undefined): boolean {
  const written = typeof expected === "string" ? /^\/(.+)\/(i?)$/s.exec(expected) : null;
  const pattern = written === null ? null : compiled(written[1] ?? "", written[2] ?? "");
  if (pattern === null || typeof found !== "string") return expected === found;
  return pattern.test(found);
}

/** Null: it isn't one, so it is meant as it stands. */
function compiled(pattern: string, flags: string): RegExp | null {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return null;
  }
}

function different(expected: Json, found: Json | undefined, path: (string | number)[]): Difference {
  const what = found === undefined ? "it isn't there" : `found ${shown(found)}`;
  return { path, message: `${named(path)}expected ${shown(expected)}, ${what}` };
}

function named(path: readonly (string | number)[]): string {
  return path.length === 0 ? "" : `${path.join(".")}: `;
}

const longest = 300;

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
