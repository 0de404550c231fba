/** Does somebody who typed a wrong value read what is needed, in a sentence? */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { valueProblem } from "../../src/flow/value-problem.ts";

const cases: readonly (readonly [string, z.ZodType, unknown, string])[] = [
  ["nothing where a text is needed", z.string(), null, "A text is needed here."],
  ["nothing where a number is needed", z.number(), null, "A number is needed here."],
  ["a half where a whole number is needed", z.int(), 1.5, "A whole number is needed here."],
  ["a number beyond its range", z.number().max(1), 1.7, "At most 1."],
  ["a number below its range", z.number().min(0), -1, "At least 0."],
  ["an empty text", z.string().min(1), "", "At least 1 character."],
  ["a long text", z.string().max(3), "four", "At most 3 characters."],
  ["too many entries", z.array(z.string()).max(1), ["a", "b"], "At most 1 entry."],
  ["too few entries", z.array(z.string()).min(2), [], "At least 2 entries."],
  ["no date", z.iso.date(), "soon", "A date is needed here."],
  ["no address", z.email(), "dana", "This has not the right form."],
  ["none of the choices", z.enum(["warm", "plain"]), "cold", "One of these is needed here: warm, plain."],
  ["what a rule of its own refuses", z.string().refine(() => false, "Say it shorter"), "x", "Say it shorter."],
];

describe("a wrong value is told in words", () => {
  test.each(cases)("%s", (_what, schema, value, expected) => {
    expect(schema.safeParse(value).error?.issues.map(valueProblem)).toEqual([expected]);
  });
});
