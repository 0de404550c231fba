/**
 * The limits of one evaluation. JSONata runs on the one thread that also answers Slack, so an expression that runs away,
 * in time or in memory, must end as a failure and hurt nobody else.
 *
 * - M1. Every node that is evaluated and every function that is called costs units; lists and texts cost by their length.
 * - M2. Every value that comes up is weighed as the tree it stands for: a value built of ever the same parts is small in
 *   memory, and without end to whoever walks it.
 * - M3. The processor's time counts, not the clock's: a busy machine fails no expression.
 * - M4. Functions are no data: they stand in no list and no object, where their insides could be read.
 * - M5. What is still running when the evaluation has ended stops at its next node.
 */
import type { SyntaxNode } from "./syntax-tree.ts";

export const limits = {
  units: 100_000,
  /** Evaluations begun and not ended. */
  depth: 5_000,
  cpuMs: 1_000,
  /** Values, keys and characters in one value. */
  weight: 1_000_000,
  listLength: 100_000,
  nesting: 100,
};

/** Ends the evaluation with a sentence for people. */
export class LimitError extends Error {}

export interface Meter {
  entered(node: SyntaxNode, input: unknown): void;
  left(node: SyntaxNode, result: unknown): void;
  called(args: readonly unknown[]): void;
  returned(result: unknown): void;
  /** So many characters, by a regular expression, in one go. */
  searched(characters: number): void;
  /** Throws if a value is too large, or holds a function. */
  weigh(value: unknown): Weight;
  close(): void;
}

export function isMeter(value: unknown): value is Meter {
  return typeof value === "object" && value !== null && "entered" in value && "left" in value;
}

interface Weight {
  weight: number;
  nesting: number;
}

/** How often the processor's time is looked at: asking takes as long as a node. */
const unitsBetweenLooks = 512;
const scalar: Weight = { weight: 1, nesting: 0 };

export function createMeter(): Meter {
  const weights = new WeakMap<object, Weight>();
  const startedAt = cpuMs();
  let units = 0;
  let nextLook = unitsBetweenLooks;
  let depth = 0;
  let closed = false;

  function charge(amount: number): void {
    units += amount;
    if (closed || units > limits.units) throw new LimitError("it takes too many steps");
    if (units < nextLook) return;
    nextLook = units + unitsBetweenLooks;
    if (cpuMs() - startedAt > limits.cpuMs) throw new LimitError("it takes too long");
  }

  function searched(characters: number): void {
    // One search may take long, so the time is looked at after each.
    nextLook = 0;
    charge(1 + characters / 64);
  }

  function weigh(value: unknown): Weight {
    if (typeof value === "string") return { weight: 1 + value.length, nesting: 0 };
    if (typeof value !== "object" || value === null || isFunctionLike(value)) return scalar;
    const known = weights.get(value);
    if (known !== undefined) return known;
    const weight = add(childrenOf(value).map((child) => weighChild(child)));
    const total = { weight: weight.weight + keyLengths(value), nesting: weight.nesting + 1 };
    if (total.weight > limits.weight) throw new LimitError("a value becomes too large");
    if (total.nesting > limits.nesting) throw new LimitError("a value becomes too deeply nested");
    weights.set(value, total);
    return total;
  }

  function weighChild(child: unknown): Weight {
    if (isFunctionLike(child)) throw new LimitError("a function can't stand in a list or an object");
    return weigh(child);
  }

  function returned(result: unknown): void {
    if (weigh(result).weight > limits.weight) throw new LimitError("a text becomes too long");
    charge(sizeCost(result));
  }

  return {
    entered(node, input) {
      depth += 1;
      if (depth > limits.depth) throw new LimitError("it calls itself too deeply");
      charge(1 + (node.type === "wildcard" ? wildcardCost(input) : 0));
      if ((node.type === "wildcard" || node.type === "descendant") && isFunctionLike(input)) {
        throw new LimitError("a function has no fields");
      }
    },
    left(node, result) {
      depth -= 1;
      if (node.tuple === true && Array.isArray(result)) charge(result.length);
      if (typeof result === "object" || node.type === "binary") returned(result);
    },
    called(args) {
      charge(1 + args.reduce<number>((cost, arg) => cost + sizeCost(arg), 0));
    },
    returned,
    searched,
    weigh,
    close() {
      closed = true;
    },
  };
}

/** JSONata's own idea of a function: its records, or a native one. */
export function isFunctionLike(value: unknown): boolean {
  if (typeof value === "function") return true;
  return (
    typeof value === "object" &&
    value !== null &&
    (("_jsonata_function" in value && value._jsonata_function === true) ||
      ("_jsonata_lambda" in value && value._jsonata_lambda === true))
  );
}

/** What copying or holding it once more costs, next to a node's evaluation. */
function sizeCost(value: unknown): number {
  if (typeof value === "string") return value.length / 64;
  return Array.isArray(value) ? value.length / 16 : 0;
}

/** JSONata appends the fields' values one by one, copying what it has each time. */
function wildcardCost(input: unknown): number {
  const count = typeof input === "object" && input !== null ? Object.keys(input).length : 0;
  return (count * count) / 100;
}

function childrenOf(value: object): unknown[] {
  if (!Array.isArray(value)) return Object.values(value);
  if (value.length > limits.listLength) throw new LimitError("a list becomes too long");
  return value;
}

function keyLengths(value: object): number {
  return Array.isArray(value) ? 0 : Object.keys(value).reduce((sum, key) => sum + key.length, 0);
}

function add(weights: Weight[]): Weight {
  let weight = 1;
  let nesting = 0;
  for (const each of weights) {
    weight += each.weight;
    if (each.nesting > nesting) nesting = each.nesting;
  }
  return { weight, nesting };
}

/** Of this thread, user and system. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
