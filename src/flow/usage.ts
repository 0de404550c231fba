/** What attempts have asked of a model: told by the agent, recorded in the event that ends the attempt, summed over an execution. */
import { z } from "zod";

const count = z.number().int().nonnegative();

export const Usage = z.strictObject({
  /** Who was asked, as its settings name it; of Bedrock `agentId/aliasId`. */
  agent: z.string(),
  /** Whose words they were; null: the far side didn't say. */
  model: z.string().nullable(),
  calls: count,
  /** Of the calls, those that sent an answer back to be put right. */
  repairs: count,
  input_tokens: count,
  output_tokens: count,
  /** Calls that ended without a word on their tokens, such as one that was cut off: the sums lack theirs. */
  uncounted: count,
  /** Milliseconds of waiting for the far side. */
  ms: count,
});
export type Usage = z.infer<typeof Usage>;

/** One entry for each agent and model, in the order in which they were first asked. */
export function withUsage(sums: readonly Usage[], one: Usage): Usage[] {
  const at = sums.findIndex(({ agent, model }) => agent === one.agent && model === one.model);
  const sum = sums[at];
  return sum === undefined ? [...sums, one] : sums.with(at, added(sum, one));
}

function added(sum: Usage, one: Usage): Usage {
  return {
    agent: sum.agent,
    model: sum.model,
    calls: sum.calls + one.calls,
    repairs: sum.repairs + one.repairs,
    input_tokens: sum.input_tokens + one.input_tokens,
    output_tokens: sum.output_tokens + one.output_tokens,
    uncounted: sum.uncounted + one.uncounted,
    ms: sum.ms + one.ms,
  };
}

/** For 1,000 tokens. */
export interface Price {
  input: number;
  output: number;
}

export interface Prices {
  /** ISO 4217. */
  currency: string;
  /** By model, or by agent where the far side names no model. */
  of: Readonly<Record<string, Price>>;
}

export const noPrices: Prices = { currency: "USD", of: {} };

/** What it all came to. */
export interface Cost extends Omit<Usage, "agent" | "model"> {
  /** Null: not everything that was asked has a price. */
  money: { amount: number; currency: string } | null;
}

/** Null: no model was asked. */
export function costOf(usage: readonly Usage[], prices: Prices): Cost | null {
  const [first, ...others] = usage;
  if (first === undefined) return null;
  const { agent: _agent, model: _model, ...sum } = others.reduce(added, first);
  const amounts = usage.map((one) => amountOf(one, prices));
  const known = amounts.filter((amount) => amount !== null);
  const isWhole = known.length === amounts.length;
  const amount = known.reduce((total, one) => total + one, 0);
  return { ...sum, money: isWhole ? { amount, currency: prices.currency } : null };
}

function amountOf({ agent, model, input_tokens, output_tokens }: Usage, { of }: Prices): number | null {
  const name = [model, agent].find((one) => one !== null && Object.hasOwn(of, one)) ?? null;
  const price = name === null ? undefined : of[name];
  return price === undefined ? null : (input_tokens * price.input + output_tokens * price.output) / 1_000;
}
