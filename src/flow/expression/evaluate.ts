/** Evaluates one expression against roots, on the recorded clock (D1): the same roots and instant give the same value. */
import { Customer } from "../customer.ts";
import { FailureError } from "../failure.ts";
import type { Json } from "../json.ts";
import { compile, meterBinding, readError, regexBinding } from "./compile.ts";
import { createMeter, isFunctionLike, LimitError, limits } from "./meter.ts";
import { meteredNatives } from "./natives.ts";
import { searcher } from "./regex.ts";
import { inTurn } from "./turns.ts";

const maxShown = 120;
const maxCause = 300;

export interface Evaluation {
  source: string;
  roots: Readonly<Record<string, Json>>;
  /** The recorded clock, milliseconds. */
  now: number;
}

/** Undefined: the expression finds nothing. Throws `FailureError` (`Expression.Failed`). */
export async function evaluateExpression({ source, roots, now }: Evaluation): Promise<Json | undefined> {
  const compiled = compile(source);
  if (!compiled.ok) throw failed(source, compiled.problems.map(({ message }) => message).join("; "));
  const input = Object.fromEntries(
    compiled.roots.flatMap((name) => (Object.hasOwn(roots, name) ? [[name, copyOf(name, roots[name] ?? null)]] : [])),
  );
  return inTurn(async () => {
    const meter = createMeter();
    try {
      const bindings = {
        ...meteredNatives({ names: compiled.natives, meter, now }),
        [meterBinding]: meter,
        [regexBinding]: {
          _jsonata_function: true,
          implementation: (pattern: string, flags: string) => searcher({ source: pattern, flags, meter }),
        },
      };
      return toJson(await compiled.engine.evaluate(input, bindings), 0);
    } catch (error) {
      throw failed(source, readError(error).message);
    } finally {
      meter.close();
    }
  });
}

export function failed(source: string, reason: string): FailureError {
  return new FailureError({ error: "Expression.Failed", cause: `${shown(source)} failed: ${shorten(reason)}.` });
}

export function undefinedValue(source: string, reason: string): FailureError {
  return new FailureError({ error: "Expression.Undefined", cause: `${shown(source)} ${reason}.` });
}

function shown(source: string): string {
  return `\${${source.length > maxShown ? `${source.slice(0, maxShown)}…` : source}}`;
}

function shorten(reason: string): string {
  const short = reason.length > maxCause ? `${reason.slice(0, maxCause)}…` : reason;
  return short.replace(/\.$/, "");
}

/** A copy, because JSONata leaves marks of its own on lists. A customer has every field, null where nothing is known. */
function copyOf(name: string, value: Json): Json {
  const copy: Json = JSON.parse(JSON.stringify(value));
  const isRecord = typeof copy === "object" && copy !== null && !Array.isArray(copy);
  return name === "customer" && isRecord ? { ...noCustomer, ...copy } : copy;
}

const noCustomer: Readonly<Record<string, null>> = Object.fromEntries(
  Object.keys(Customer.shape).map((field) => [field, null]),
);

/** Plain JSON: JSONata's marked lists become lists, what it leaves undefined is dropped from objects. */
function toJson(value: unknown, nesting: number): Json | undefined {
  if (isFunctionLike(value)) throw new LimitError("it gives a function, not a value");
  if (nesting > limits.nesting) throw new LimitError("a value becomes too deeply nested");
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "object") return containerToJson(value, nesting + 1);
  if (typeof value !== "number") return undefined;
  if (!Number.isFinite(value)) throw new LimitError("it gives no finite number");
  // JSON knows no negative zero.
  return value === 0 ? 0 : value;
}

function containerToJson(value: object, nesting: number): Json {
  if (Array.isArray(value)) return value.map((item) => toJson(item, nesting) ?? null);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const json = toJson(item, nesting);
      return json === undefined ? [] : [[key, json]];
    }),
  );
}
