/** `agents` of revops.yml: what the tokens of models cost, for the cost line of executions. */
import type { Reader } from "../../flow/flow-file/reader.ts";
import { kindOf } from "../../flow/flow-file/reader.ts";
import type { SourceEntry, SourceNode } from "../../flow/flow-file/source.ts";
import { noPrices, type Price, type Prices } from "../../flow/usage.ts";

export function readPrices(node: SourceNode | null, reader: Reader): Prices {
  const fields = node === null ? null : reader.fields(node, { what: "agents", keys: ["prices", "currency"] });
  const currency = fields?.get("currency") ?? null;
  const prices = fields?.get("prices") ?? null;
  return {
    currency: (currency === null ? null : readCurrency(currency, reader)) ?? noPrices.currency,
    of: prices === null ? {} : readAll(prices, reader),
  };
}

function readCurrency(node: SourceNode, reader: Reader): string | null {
  const text = reader.text(node, "the currency of prices");
  if (text === null || /^[A-Z]{3}$/.test(text)) return text;
  reader.report.error(node.at, `"${text}" is no currency; write its three letters, such as USD`);
  return null;
}

function readAll(node: SourceNode, reader: Reader): Record<string, Price> {
  if (node.kind !== "map") {
    reader.report.error(
      node.at,
      `prices must be a mapping of models or agentId/aliasId to prices, not ${kindOf(node)}`,
    );
    return {};
  }
  const pairs = node.entries.flatMap((entry) => {
    const price = readPrice(entry, reader);
    return price === null ? [] : [[entry.key, price] as const];
  });
  return Object.fromEntries(pairs);
}

function readPrice({ key, value }: SourceEntry, reader: Reader): Price | null {
  const fields = reader.fields(value, { what: `the price of ${key}`, keys: ["input", "output"] });
  const amount = (name: "input" | "output"): number | null => {
    const node = fields?.get(name) ?? null;
    if (node !== null) return readAmount(node, { what: `${name} of ${key}`, reader });
    if (fields !== null) reader.report.error(value.at, `the price of ${key} lacks ${name}, for 1,000 tokens`);
    return null;
  };
  const [input, output] = [amount("input"), amount("output")];
  return input === null || output === null ? null : { input, output };
}

function readAmount(node: SourceNode, { what, reader }: { what: string; reader: Reader }): number | null {
  const amount = node.kind === "scalar" ? node.value : null;
  if (typeof amount === "number" && amount >= 0 && amount <= 1_000_000) return amount;
  reader.report.error(node.at, `${what} must be a number from 0, for 1,000 tokens, not ${kindOf(node)}`);
  return null;
}
