import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkTemplate, evaluateCondition, evaluateValue, pathsOf, rootsOf } from "../../src/flow/expression.ts";
import { FailureError } from "../../src/flow/failure.ts";
import type { Json } from "../../src/flow/json.ts";

const roots: Record<string, Json> = {
  customer: { id: "cust-1", name: "Acme", csm_email: null, arr: 84000 },
  input: { rows: [{ n: 1 }, { n: 2 }, { n: 3 }], one: ["only"] },
  assess: { score: 0.78, over_threshold: true, reasons: ["seats"] },
};
const now = Date.UTC(2026, 10, 1, 9);

const valueOf = (value: Json, over: Record<string, Json> = roots) => evaluateValue({ value, roots: over, now });

async function failureOf(promise: Promise<unknown>) {
  const error: unknown = await promise.then(
    (value) => expect.unreachable(`gave ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof FailureError) return error.failure;
  throw error;
}

describe("values", () => {
  test.each<[string, Json]>([
    ["${customer.arr}", 84000],
    ["${assess.over_threshold}", true],
    ["${input.rows}", [{ n: 1 }, { n: 2 }, { n: 3 }]],
    ["${input.rows[n > 1].n}", [2, 3]],
    ["${customer.name & '!'}", "Acme!"],
    ["${[1..3]}", [1, 2, 3]],
    ["${$sum(input.rows.n)}", 6],
    ["${$map(input.rows, function($r) { $r.n * 2 })}", [2, 4, 6]],
    ["${{ 'name': customer.name, 'gone': input.nothing }}", { name: "Acme" }],
    ["${$reverse($sort([3, 1, 2]))}", [3, 2, 1]],
    ["${$sort(input.rows, function($a, $b) { $a.n < $b.n }).n}", [3, 2, 1]],
    ["${$distinct([1, 1, 2])}", [1, 2]],
    ["${$lookup(customer, 'name')}", "Acme"],
    ["${$map(['abc', 'def'], $substring(?, 1))}", ["bc", "ef"]],
    ["${input.one[]}", ["only"]],
  ])("does %s keep the type of its value?", async (text, expected) => {
    expect(await valueOf(text)).toEqual(expected);
  });

  test.each([
    ["Renewal - ${customer.name}", "Renewal - Acme"],
    ["${customer.name}: ${assess.score}, ${assess.over_threshold}", "Acme: 0.78, true"],
    ["${0.1 + 0.2} in sum", "0.3 in sum"],
    [" ${customer.arr}", " 84000"],
    ["write $${x} and ${customer.name}", "write ${x} and Acme"],
    ["$${only}", "${only}"],
    ["costs $5 {net}", "costs $5 {net}"],
    ["${'a } brace'}!", "a } brace!"],
    ['${"{" & customer.name & "}"}!', "{Acme}!"],
    ["${/* } */ customer.name}!", "Acme!"],
  ])("is %s filled in as text?", async (text, expected) => {
    expect(await valueOf(text)).toBe(expected);
  });

  test("are lists and objects resolved inside, and is the rest left alone?", async () => {
    const value = { to: ["${customer.name}", 3, null], deep: { flag: "${assess.over_threshold}" }, "${key}": "x" };
    expect(await valueOf(value)).toEqual({ to: ["Acme", 3, null], deep: { flag: true }, "${key}": "x" });
  });

  test("does any JSON without expressions come back as it is?", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const json: Json = JSON.parse(JSON.stringify(value).replaceAll("${", ""));
        expect(await valueOf(json)).toEqual(json);
      }),
      { numRuns: 100 },
    );
  });

  test("can every text be written with the escape?", async () => {
    const text = fc.string({ unit: fc.constantFrom("$", "{", "}", "a", "'", '"', "\\") });
    await fc.assert(
      fc.asyncProperty(text, async (written) => {
        expect(await valueOf(written.replaceAll("${", () => "$${"))).toBe(written);
      }),
    );
  });

  test("does a list that JSONata made carry its marks into the record?", async () => {
    const value = await valueOf("${input.rows.n}");
    expect(Object.getOwnPropertyNames(value).toSorted()).toEqual(["0", "1", "2", "length"]);
  });

  test("are the roots left as they were?", async () => {
    const before = structuredClone(roots);
    await valueOf("${[customer.name, input.rows[], input.one[], input.rows{'n': n}, $merge(input.rows)]}").catch(
      () => null,
    );
    await valueOf("${input.one[]}");
    expect(roots).toEqual(before);
    expect(Object.getOwnPropertyNames(roots["input"])).toEqual(["rows", "one"]);
  });
});

describe("what is missing", () => {
  test("does a customer's missing field stay null alone, known to the record or not?", async () => {
    expect(await valueOf("${customer.csm_email}")).toBeNull();
    expect(await valueOf("${customer.nps}")).toBeNull();
  });

  test("does it fail within a longer text, by its name?", async () => {
    const failure = await failureOf(valueOf("to ${customer.csm_email}"));
    expect(failure.error).toBe("Expression.Undefined");
    expect(failure.cause).toContain("${customer.csm_email}");
  });

  test.each(["${assess.missing}", "a ${assess.missing}", "${nowhere.at_all}"])("does %s fail?", async (text) => {
    expect((await failureOf(valueOf(text))).error).toBe("Expression.Undefined");
  });

  test("is a field undefined where there is no customer at all?", async () => {
    const failure = await failureOf(valueOf("${customer.name}", { customer: null }));
    expect(failure.error).toBe("Expression.Undefined");
  });

  test("is a list in a longer text refused instead of being strung together?", async () => {
    const failure = await failureOf(valueOf("rows: ${input.rows}"));
    expect(failure).toEqual({
      error: "Expression.Failed",
      cause: "${input.rows} failed: it gives a list, which can't stand in a longer text; use $join or $string.",
    });
  });
});

const condition = (text: string) => evaluateCondition({ text, roots, now });

describe("conditions", () => {
  test("do true and false go through?", async () => {
    expect(await condition("${assess.over_threshold}")).toBe(true);
    expect(await condition("${assess.score > 0.9}")).toBe(false);
  });

  test.each(["${assess.score}", "${customer.name}", "${customer.csm_email}", "${input.rows}", "true"])(
    "is %s taken for a boolean?",
    async (text) => {
      expect((await failureOf(condition(text))).error).toBe("Expression.Failed");
    },
  );

  test("does an undefined condition say so?", async () => {
    expect((await failureOf(condition("${assess.gone}"))).error).toBe("Expression.Undefined");
  });
});

describe("the clock", () => {
  test("are $now and $millis the recorded instant?", async () => {
    expect(await valueOf("${$now()}")).toBe("2026-11-01T09:00:00.000Z");
    expect(await valueOf("${$millis()}")).toBe(now);
    expect(await valueOf("${$now('[Y0001]-[M01]-[D01]')}")).toBe("2026-11-01");
    expect(await valueOf("${$map([1, 2], function($i) { $millis() })}")).toEqual([now, now]);
  });

  test("do two evaluations at once each have their own?", async () => {
    const both = [1, 2].map((instant) => evaluateValue({ value: "${$millis()}", roots, now: instant }));
    expect(await Promise.all(both)).toEqual([1, 2]);
  });

  test("is a time without an offset read in the process's zone?", async () => {
    expect(await valueOf("${$toMillis('2026-11-01T09:00:00')}")).toBe(now);
    expect(await valueOf("${$toMillis('2026-11-01T10:00:00+01:00')}")).toBe(now);
  });
});

describe("what is read", () => {
  test("are the roots of a value each named once?", () => {
    const value = { a: "${customer.name & assess.score}", b: ["${customer.arr}", "$${input.x}"] };
    expect(rootsOf(value)).toEqual(["customer", "assess"]);
  });

  test.each<[string, string[]]>([
    ["${customer.name}", ["customer.name"]],
    ["${input.rows[n > assess.score].m}", ["input.rows.n", "input.rows.assess.score", "input.rows.m"]],
    ["${input.rows[n > $$.assess.score].m}", ["input.rows.n", "assess.score", "input.rows.m"]],
    ["${customer.(name & region)}", ["customer.name", "customer.region", "customer"]],
    ["${($c := customer; $c.nmae)}", ["customer", "customer.nmae"]],
    ["${input.rows^(>n).m}", ["input.rows.n", "input.rows.m"]],
    ["${$map(input.rows, function($r) { $r.anything })}", ["input.rows"]],
    ["${assess.over_threshold ? customer.name : input.text}", ["assess.over_threshold", "customer.name", "input.text"]],
    ["${`customer`.'name'}", ["customer.name"]],
    ["${customer.$uppercase(name)}", ["customer.name", "customer"]],
    ["${input{'k': rows.n}}", ["input.rows.n", "input"]],
  ])("are the paths of %s found?", (text, expected) => {
    expect(
      pathsOf(text)
        .map((path) => path.text)
        .toSorted(),
    ).toEqual(expected.toSorted());
  });

  test("is every name's place known?", () => {
    const text = "Hi ${customer.nmae}, ${ assess.score }";
    const words = pathsOf(text).flatMap(({ root, path, offsets }) =>
      [root, ...path].map((name, index) => [name, text.slice(offsets[index], (offsets[index] ?? 0) + name.length)]),
    );
    expect(words.map(([, found]) => found)).toEqual(["customer", "nmae", "assess", "score"]);
  });
});

describe("what is wrong before anything runs", () => {
  test.each<[string, RegExp, number]>([
    ["${customer.name", /no closing/, 0],
    ["${}", /nothing between/, 2],
    ["${customer.}", /isn't JSONata/, 10],
    ["a ${1 + ) }", /isn't JSONata/, 8],
    ["${$eval('1')}", /\$eval is not allowed/, 2],
    ["${[$random()]}", /\$random is not allowed/, 3],
    ["${$shuffle([1])}", /\$shuffle is not allowed/, 2],
    ["${($f := $eval; $f('1'))}", /\$eval is not allowed/, 9],
    ["${$contains(customer.name, /(?=a)/)}", /can't look ahead or behind/, 27],
    ["${$contains(customer.name, /(a)\\1/)}", /can't refer back to a group/, 27],
    ["${$contains(customer.name, /a{1001}/)}", /can't be used: invalid repeat count/, 27],
    ["${customer ~> |$|{'name': 'x'}|}", /not supported/, 14],
    ["${function($x)<s:s>{$x}('a')}", /signature/, 10],
    ["${$toMillis('1', '[Y]')}", /ISO 8601 only/, 11],
    ["${customer.constructor}", /not the name of a field/, 11],
    ["${customer.'__proto__'}", /not the name of a field/, 12],
    ["${$summ([1])}", /no \$summ; did you mean \$sum\?/, 2],
    ["${$}", /all roots at once/, 2],
    ["${$keys($$)}", /all roots at once/, 8],
    ["${*.name}", /all roots at once/, 3],
  ])("is %s refused at its place?", async (text, message, offset) => {
    const { problems } = checkTemplate(text);
    expect(problems.map((problem) => problem.message).join()).toMatch(message);
    expect(Math.abs((problems[0]?.offset ?? -9) - offset)).toBeLessThanOrEqual(1);
    expect((await failureOf(valueOf(text))).error).toBe("Expression.Failed");
  });

  test("is an expression of any length parsed?", () => {
    const { problems } = checkTemplate(`\${${"1+".repeat(2_500)}1}`);
    expect(problems).toEqual([{ message: "an expression may have 4000 characters", offset: 2 }]);
  });

  test("is any text checked without an exception?", () => {
    const unit = fc.constantFrom(
      "$",
      "{",
      "}",
      "${",
      "customer",
      ".",
      "[",
      "]",
      "(",
      ")",
      "'",
      '"',
      "/",
      "|",
      "~>",
      "1",
      " ",
      "*",
      "%",
      "@$a",
      "#$i",
      ":=",
      "`",
      "λ",
      "?",
      ":",
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 30 }), (parts) => {
        const text = `\${${parts.join("")}}`;
        for (const { offset } of checkTemplate(text).problems) {
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
