/** Does a filter say what PostgreSQL says? The answers were recorded; the fixture's head says from what. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { Customer } from "../../../src/flow/customer.ts";
import { filterOf } from "./sample.ts";

const Recorded = z.object({
  customers: z.array(Customer),
  cases: z.array(z.tuple([z.string(), z.iso.datetime(), z.string(), z.string()])),
});
const file = new URL("../fixtures/filter-postgresql.json", import.meta.url);
const recorded = Recorded.parse(JSON.parse(readFileSync(file, "utf8")));

const letters = new Map([
  [true, "t"],
  [false, "f"],
  [null, "n"],
]);

/** The conditions' values joined by AND, as the whole predicate has it. */
function answer(values: readonly (boolean | null)[]): string | undefined {
  return letters.get(values.includes(false) ? false : values.includes(null) ? null : true);
}

test.each(recorded.cases)("%s at %s: %s", (timezone, now, predicate, expected) => {
  const filter = filterOf(predicate);
  const found = recorded.customers.map((customer) =>
    answer(filter.explain({ customer, now: Date.parse(now), timezone }).map(({ value }) => value)),
  );
  expect(found.join("")).toBe(expected);
});
