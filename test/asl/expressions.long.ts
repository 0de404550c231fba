/** Does an expression give on Step Functions what it gives here, or fail by the same name? */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { z } from "zod";
import { surely } from "../../src/asl/compile/conditions.ts";
import { sourceOf, valueOf } from "../../src/asl/compile/expressions.ts";
import { caught } from "../../src/asl/compile/failures.ts";
import { compile } from "../../src/flow/expression/compile.ts";
import { evaluateValue } from "../../src/flow/expression.ts";
import { FailureError } from "../../src/flow/failure.ts";
import type { Json, JsonObject } from "../../src/flow/json.ts";
import type { Sight } from "../stepfunctions/interpreter/expression.ts";
import { StateFailure } from "../stepfunctions/interpreter/failure.ts";
import { fill } from "../stepfunctions/interpreter/template.ts";

const now = Date.parse("2026-11-26T09:30:00Z");

type Found = { value: Json } | { error: string };

async function here(value: Json, roots: JsonObject): Promise<Found> {
  try {
    return { value: asSent(await evaluateValue({ value, roots, now })) };
  } catch (error) {
    if (error instanceof FailureError) return { error: error.failure.error };
    throw error;
  }
}

function sightOf(roots: JsonObject): Sight {
  return { variables: new Map([["roots", roots]]), states: { input: {} }, now, fraction: () => 0.5 };
}

/** As a state's Arguments, whose failure its Catch reads. */
async function there(value: Json, roots: JsonObject): Promise<Found> {
  const sight = sightOf(roots);
  const compiled = valueOf(value, (root) => `$roots.${root}`);
  try {
    return { value: asSent(await fill(compiled, sight, "Arguments")) };
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    const errorOutput = { Error: error.error, Cause: error.cause };
    const told = await fill(caught("Step.Lost"), { ...sight, states: { input: {}, errorOutput } }, "Output");
    return z.object({ error: z.string() }).parse(told);
  }
}

function asSent(value: Json): Json {
  const sent: Json = JSON.parse(JSON.stringify(value));
  return sent;
}

async function both(value: Json, roots: JsonObject): Promise<[Found, Found]> {
  return [await here(value, roots), await there(value, roots)];
}

const scalar = fc.constantFrom<Json>(null, true, false, 0, 1, -2, 2.5, 0.1, "", "a", "Acme: 7", "2026-12-04T09:00:00Z");
const fields = fc.constantFrom("a", "b", "list");
const tree: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fields, tie("value"), { maxKeys: 3 }),
  ),
})).value;
const roots: fc.Arbitrary<JsonObject> = fc.record(
  { input: tree, assess: tree, order: fc.dictionary(fields, tree) },
  { requiredKeys: [] },
);

const path = fc
  .tuple(
    fc.constantFrom("input", "assess", "order", "$.input", "$$.order", "order.missing"),
    fc.array(fc.constantFrom(".a", ".b", ".list", "[0]", "[-1]", "[]", ".*", '[a = "a"]', ".(a)", ".`b`"), {
      maxLength: 3,
    }),
  )
  .map(([root, steps]) => root + steps.join(""));
const literal = fc.constantFrom("null", "true", "1", "0.2", "3", '""', '"a"', "'}'", "[]", "[1]", "[[1, 2]]", "{}");

const named = fc
  .constantFrom(
    ..."string uppercase length trim number boolean not count sum max exists type keys reverse distinct sort merge".split(
      " ",
    ),
  )
  .map((name) => `$${name}`);

const source: fc.Arbitrary<string> = fc
  .letrec<{ source: string }>((tie) => {
    const part = tie("source");
    const two = fc.tuple(part, part);
    return {
      source: fc.oneof(
        { maxDepth: 3, depthSize: "medium" },
        { arbitrary: path, weight: 4 },
        { arbitrary: literal, weight: 2 },
        fc.tuple(fc.constantFrom("+", "-", "*", "/", "%"), two).map(([sign, [a, b]]) => `(${a} ${sign} ${b})`),
        fc.tuple(fc.constantFrom("=", "!=", "<", ">=", "in"), two).map(([sign, [a, b]]) => `(${a} ${sign} ${b})`),
        fc.tuple(fc.constantFrom("and", "or", "&"), two).map(([word, [a, b]]) => `(${a} ${word} ${b})`),
        fc.tuple(part, two).map(([a, [b, c]]) => `(${a} ? ${b} : ${c})`),
        fc.tuple(part, part).map(([a, b]) => `(${a} ? ${b})`),
        fc.tuple(named, part).map(([name, a]) => `${name}(${a})`),
        two.map(([a, b]) => `$append(${a}, ${b})`),
        two.map(([a, b]) => `[${a}, ${b}]`),
        two.map(([a, b]) => `{ "a": ${a}, "b": ${b} }`),
        two.map(([a, b]) => `( $x := ${a}; $text := ${b}; [$x, $text] )`),
        part.map((a) => `$map(${a}, function($v, $i) { $v = 1 ? $i : $v })`),
        part.map((a) => `$filter(${a}, function($v) { $v != null })`),
        part.map((a) => `(${a}).{ "all": $ }`),
        part.map((a) => `((${a})^(>$))`),
        part.map((a) => `((${a}){ "k": $ })`),
      ),
    };
  })
  .source.filter((text) => compile(text).ok);
const template = fc.oneof(
  source.map((text): Json => `\${${text}}`),
  fc.tuple(source, source).map(([a, b]): Json => `{% \${ ${a} } and $\${x} \${${b}}\n"`),
  source.map((text): Json => ({ deep: [`\${${text}}`, "{% plain %}"] })),
);

it("a random expression over random data", async () => {
  await fc.assert(
    fc.asyncProperty(template, roots, async (value, given) => {
      const [found, compiled] = await both(value, given);
      expect(compiled).toEqual(found);
    }),
    { numRuns: 30 },
  );
});

const condition: fc.Arbitrary<string> = fc
  .letrec<{ source: string }>((tie) => {
    const part = tie("source");
    const two = fc.tuple(part, part);
    return {
      source: fc.oneof(
        { maxDepth: 3 },
        { arbitrary: fc.constantFrom("input.a", "assess.list.b", "order.`a`", "order", "$.input.b"), weight: 4 },
        { arbitrary: fc.constantFrom("null", "true", "false", "0", "-1", '"a"', '""', "[1]", "$$.input"), weight: 2 },
        fc
          .tuple(fc.constantFrom("=", "!=", "<", ">=", "in", "and", "or", "&"), two)
          .map(([sign, [a, b]]) => `(${a} ${sign} ${b})`),
        fc.tuple(fc.constantFrom("$exists", "$not", "$count", "$boolean"), part).map(([name, a]) => `${name}(${a})`),
      ),
    };
  })
  .source.filter((text) => compile(text).ok);

it("a random condition that a Choice asks itself: it fails nowhere, as nothing could catch that", async () => {
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(condition, roots, async (text, given) => {
      if (surely(text) === null) return;
      asked += 1;
      const found = await here(`\${${text}}`, given);
      const value = "value" in found ? found.value : undefined;
      const source = sourceOf(text, (root) => `$roots.${root}`);
      const choice = [`{% (${source}) = false %}`, `{% $not((${source}) = true) %}`, `{% $exists(${source}) %}`];
      expect(await fill(choice, sightOf(given), "Condition")).toEqual([
        value === false,
        value !== true,
        "value" in found,
      ]);
    }),
    { numRuns: 60 },
  );
  expect(asked).toBeGreaterThan(10);
});

const customer = {
  id: "acme",
  name: "Acme: “Größe” \\ 7",
  phone: "+49 30 1234-5678",
  tags: ["vip"],
  none: [],
  notes: "a.b\u00a0c\nd e",
  seats: 1_234.5,
  contacts: [
    { name: "Zoë", score: 2 },
    { name: "ada", score: 10 },
  ],
};

/** Each gives a value. */
it.each([
  '$pad(customer.id, -8, "#") & $pad("x", 3)',
  '$toMillis("2026-12-04T09:00:00+01:00") - $toMillis("2026-12-04")',
  "$match(customer.phone, /(\\d+)-(\\d+)/).groups",
  '$match("aXbX", /X/i, 1)',
  '$replace(customer.phone, /[^\\d]/, "")',
  '$replace(customer.phone, /(\\d\\d) (\\d\\d)/, "$2/$1 $$")',
  '$replace(customer.notes, /a.b.c.d/, "dot and end of line")',
  '$replace("a\\rb", /A.B/mi, "flags in another order")',
  '$replace(customer.notes, /[\\S]/, "x")',
  '$replace(customer.notes, /\\s/, "_")',
  "$contains(customer.name, /größe/i) and $not($contains(customer.phone, /\\/\\}/))",
  "$split(customer.notes, /\\s+/)",
  '$now("[Y0001]-[M01]-[D01]", "+0100") & $now()',
  "$millis()",
  '$formatNumber(customer.seats, "#,##0.00") & $formatNumber(-0.5, "0%")',
  '$formatBase(255, 16) & $formatInteger(1999, "I")',
  "$sort(customer.contacts, function($l, $r) { $l.score > $r.score }).name",
  "customer.contacts^(>score, name).name",
  "$reduce(customer.contacts.score, function($sum, $one) { $sum + $one }, 1)",
  '$merge([customer.contacts[0], { "score": null }])',
  '$each(customer.contacts[0], function($value, $key) { $key & "=" & $value })',
  "customer.tags",
  "customer.tags[]",
  "customer.none",
  "[customer.tags[0]]",
  "customer.contacts[score > 5].name[]",
  'customer.contacts@$c#$i.{ "at": $i, "name": $c.name }',
  "$$.customer.id & $.customer.id",
  '( $all := "taken"; $$.customer.id & $all )',
  "( $roots := 1; $steps := 2; customer.id & ($roots + $steps) )",
  '( $text := function($x) { "mine" }; $text(1) )',
  "0.1 + 0.2",
  "-0",
  '"{% 1 %}" & "}"',
  "/* a } comment */ customer.id",
  "customer.`id`",
  '$lookup(customer, "phone")',
  '$distinct([1, 1.0, "1", null, null])',
  "$zip(customer.contacts.name, [1, 2])",
  "[1..3].($ * 2)",
  "customer.renewal_date = null",
])("%s gives the same", async (text) => {
  const given = { customer: { ...customer, renewal_date: null } };
  const [found, compiled] = await both(`\${${text}}`, given);
  expect(found).toEqual({ value: expect.anything() });
  expect(compiled).toEqual(found);
});

it.each([
  ["$error('returned nothing (undefined), it says')", "Expression.Failed"],
  ['"it returned nothing" * 2', "Expression.Failed"],
  ["customer.nothing", "Expression.Undefined"],
  ["customer.none.x", "Expression.Undefined"],
  ["$toMillis('tomorrow')", "Expression.Failed"],
  ["1 / 0", "Expression.Failed"],
  ["function($x) { $x }", "Expression.Failed"],
  ["$sum", "Expression.Failed"],
  ["[$sum]", "Expression.Failed"],
  ["$assert(false, 'no')", "Expression.Failed"],
  ["[1..20000000]", "Expression.Failed"],
])("%s fails by the same name", async (text, error) => {
  expect(await both(`\${${text}}`, { customer })).toEqual([{ error }, { error }]);
});
