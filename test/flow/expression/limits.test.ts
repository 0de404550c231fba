/** May one expression hang the process, fill its memory, or reach what is not its data? */
import { describe, expect, test } from "vitest";
import { evaluateValue } from "../../../src/flow/expression.ts";
import { FailureError } from "../../../src/flow/failure.ts";
import type { Json } from "../../../src/flow/json.ts";

const rows = Array.from({ length: 2_000 }, (_, n) => ({ id: `t${n}`, n, kind: n % 3 === 0 ? "low" : "urgent" }));
const roots: Record<string, Json> = { customer: { id: "c" }, o: { rows, text: "x".repeat(300_000) } };

const evaluate = (source: string) => evaluateValue({ value: `\${${source}}`, roots, now: 0 });

async function causeOf(source: string): Promise<string> {
  const error: unknown = await evaluate(source).then(
    (value) => expect.unreachable(`gave ${JSON.stringify(value).slice(0, 100)}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof FailureError)) throw error;
  expect(error.failure.error).toBe("Expression.Failed");
  return error.failure.cause;
}

describe("time", () => {
  test.each([
    "($f := function($n) { $f($n + 1) }; $f(1))",
    "($a := function() { $b() }; $b := function() { $a() }; $a())",
    "$map([1..100000], function($x) { $x })",
    "$filter(o.rows, function($r) { $r.n in o.rows.n })",
    "$map([1..100000], $substring(o.text, ?, 1))",
    "$formatNumber(0, '0.0e0')",
    "$formatNumber(-5, '#0e0')",
    "$formatNumber(1, '0', { 'grouping-separator': '' })",
    "$formatInteger(1/0, 'a')",
    "$toMillis(o.text)",
    "$sort(o.rows ~> $append(o.rows), function($a, $b) { $a.n > $b.n })",
  ])("does %s end?", async (source) => {
    const before = process.threadCpuUsage();
    expect(await causeOf(source)).toContain(" failed: ");
    const { user, system } = process.threadCpuUsage(before);
    expect(user + system).toBeLessThan(3_000_000);
  });

  test("does a runaway leave others waiting without a turn of the event loop between?", async () => {
    let turns = 0;
    let counting = true;
    const count = () => {
      turns += 1;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    const runaways = Array.from({ length: 6 }, () => causeOf("($f := function($n) { $f($n + 1) }; $f(1))"));
    await Promise.all(runaways);
    counting = false;
    expect(turns).toBeGreaterThanOrEqual(4);
  });

  test("does an innocent neighbour of a runaway fail with it?", async () => {
    const [, value] = await Promise.all([
      causeOf("($f := function($n) { 1 + $f($n) }; $f(1))"),
      evaluate("o.rows[0].n"),
    ]);
    expect(value).toBe(0);
  });
});

describe("memory", () => {
  test.each<[string, RegExp]>([
    ["[1..1e9]", /list becomes too long/],
    ["[1..1e7]", /list becomes too long/],
    ["$pad('', 1e8, 'x')", /text becomes too long/],
    ["$pad('', -1e300)", /text becomes too long/],
    ["$map([1..10000], function($i) { [1..10000] })", /too many steps|too large/],
    ["$map([1..300], function($a) { $map([1..300], function($b) { o.text }) })", /too many steps|too large/],
    ["$string($map([1..90000], function($i) { $i }), true)", /too many steps|too long/],
    [`[${Array.from({ length: 40 }, () => "[1..99999]").join()}]`, /too many steps/],
    ['$reduce([1..60], function($a, $b) { $a & $a }, "x")', /text becomes too long/],
    ["$reduce([1..60], function($a, $b) {{ 'x': $a, 'y': $a }}, {})", /value becomes too large/],
    ["$reduce([1..60], function($a, $b) { $append($a, $a) }, [1])", /too l|too many/],
    ["$reduce([1..300], function($a, $b) { [[$a]] }, [])", /deeply nested/],
    ["$replace(o.text, 'x', o.text)", /text becomes too long/],
    ["$join($map([1..10000], function() { 'a' }), o.text)", /text becomes too long|too many/],
    ["$split(o.text, '')", /list becomes too long/],
    ["$map([1..1000], function($i) { $uppercase(o.text) })", /too many steps/],
    ["($l := [1..10000]; $l.($l))", /too many steps/],
    ["($l := [1..10000]; $l@$a.$l@$b.{ 'x': $a })", /too many steps/],
    ["($f := function($n) { 1 + $f($n + 1) }; $f(1))", /too deeply/],
    ["($f := function($n) { [$f($n), $f($n)] }; $f(1))", /too deeply|too many/],
    ["$fromMillis(0, '[Y,*-999999999]')", /width/],
    ["$formatInteger(1e300, 'I')", /too deep/],
  ])("is %s stopped?", async (source, reason) => {
    expect(await causeOf(source)).toMatch(reason);
  });
});

describe("reach", () => {
  test.each([
    "customer.constructor",
    "customer.__proto__.polluted",
    "$sum.*",
    "$sum.**",
    "[$sum]",
    "[$sum].implementation",
    "$append($sum, $sum)",
    "{ 'f': function() { 1 } }",
    "$sum",
    "$spread([$sum])",
    "$sift(o, function($v, $k, $o) { $o.constructor })",
  ])("does %s give anything?", async (source) => {
    expect(await causeOf(source)).toMatch(/function|field/);
  });

  test.each([
    "$lookup(customer, 'con' & 'structor')",
    "$lookup([customer], '__pro' & 'to__')",
    "$sum.implementation",
    "($f := function() { 1 }; $f.environment)",
    "$lookup($sum, 'implementation')",
  ])("does %s find anything?", async (source) => {
    await expect(evaluate(source)).rejects.toMatchObject({ failure: { error: "Expression.Undefined" } });
  });

  test("does a key __proto__ pollute anything?", async () => {
    expect(await evaluate("$merge([{ '__proto__': { 'polluted': 1 } }, { 'a': 1 }])")).toEqual({ a: 1 });
    expect("polluted" in {}).toBe(false);
  });

  test("can an expression fake the meter or the range?", async () => {
    expect(await causeOf("($` meter` := 1; 1)")).toContain("isn't JSONata");
    expect(await evaluate("($range := 1; [1..2])")).toEqual([1, 2]);
  });
});

describe("room for what people write", () => {
  test.each<[string, Json]>([
    ["$count(o.rows[kind = 'urgent' and n > 10])", 1326],
    ["o.rows^(>n)[0].id", "t1999"],
    ["$keys(o.rows{kind: $count($)})", ["low", "urgent"]],
    ["$count($distinct(o.rows.kind))", 2],
    ["$sum($map(o.rows, function($r) { $r.n * 2 }))", 3_998_000],
    ["$formatNumber(84000, '#,##0')", "84,000"],
    ["$length(o.text)", 300_000],
  ])("does %s pass?", async (source, expected) => {
    expect(await evaluate(source)).toEqual(expected);
  });
});
