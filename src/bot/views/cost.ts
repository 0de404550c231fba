/** What models took, in one line: calls, tokens, time, and money where prices are configured. */
import type { Cost } from "../../flow/usage.ts";
import { count, dotted, number } from "../../notify/slack/format.ts";
import { duration } from "./instant.ts";

export function costWords({ calls, repairs, input_tokens, output_tokens, uncounted, ms, money }: Cost): string {
  const sentBack = repairs === 0 ? "" : `, ${number(repairs)} to put an answer right`;
  const unknown = uncounted === 0 ? "" : `, those of ${count(uncounted, "call")} unknown`;
  return dotted([
    `${count(calls, "model call")}${sentBack}`,
    `${number(input_tokens)} tokens in, ${number(output_tokens)} out${unknown}`,
    duration(ms),
    money === null ? null : amountWords(money, uncounted > 0),
  ]);
}

/** Fractions of a cent count here. */
function amountWords({ amount, currency }: { amount: number; currency: string }, isLeast: boolean): string {
  const digits = amount > 0 && amount < 1 ? 4 : 2;
  const options = { minimumFractionDigits: 2, maximumFractionDigits: digits };
  const shown = amount.toLocaleString("en-US", { ...options, style: "currency", currency }).replaceAll("\u00A0", " ");
  return isLeast ? `at least ${shown}` : shown;
}
