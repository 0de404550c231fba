/** JSONata in Step Functions: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html */
import { expect, test } from "vitest";
import { answers, branch, pass, run, task } from "./sample-machines.ts";

async function value(expression: string, input: { [field: string]: never } | object = {}): Promise<unknown> {
  const end = await run({ x: pass({ value: `{% ${expression} %}` }) }, { input: JSON.parse(JSON.stringify(input)) });
  if (end.status !== "SUCCEEDED") return end.error;
  return typeof end.output === "object" && end.output !== null && "value" in end.output
    ? end.output["value"]
    : end.output;
}

test.each([
  ["$", "$ is empty"],
  ["$$", "$$ is empty"],
  ["name", "the field name is read from the context"],
  ["{ 'a': name }", "the field name"],
  ["[name]", "the field name"],
  ["*", "wildcard"],
  ["**", "descendant"],
  ["$map([1], function($v) { name })", "the field name"],
  ["$eval('1')", "$eval isn't there"],
  ["$map(['1'], $eval)", "$eval isn't there"],
  ["$states.result", "$states.result can't be read here"],
  ["$states.errorOutput.Error", "$states.errorOutput can't be read here"],
  ["$states", "part by part"],
  ["$lookup($states, 'result')", "part by part"],
  ["$states.*", "part by part"],
  ["($states := 1)", "can't be assigned"],
  ["1 +", "Unexpected end"],
  ["", "Unexpected end"],
])("refused before it ever runs: %s", async (expression, problem) => {
  await expect(run({ x: pass(`{% ${expression} %}`) })).rejects.toThrow(problem);
});

test.each([" {% 1 %}", "{% 1 %} ", "{% 1", "1 %}", "{% 1 %", "a {% 1 %}"])(
  "neither an expression nor a text: %j",
  async (text) => {
    await expect(run({ x: pass({ deep: [text] }) })).rejects.toThrow("begins with {% and ends with %}");
  },
);

test.each([
  [
    "$states.input.items[price > 2].name",
    {
      items: [
        { name: "a", price: 1 },
        { name: "b", price: 3 },
      ],
    },
    "b",
  ],
  ["$states.input.items.{ 'n': name }", { items: [{ name: "a" }] }, { n: "a" }],
  ["$states.input.items^(>price)[0].price", { items: [{ price: 1 }, { price: 3 }] }, 3],
  ["$states.input.items{ name: price }", { items: [{ name: "a", price: 1 }] }, { a: 1 }],
  ["$states.input.items@$i.{ 'x': $i.name }", { items: [{ name: "a" }] }, { x: "a" }],
  ["$states.input.items[$ > 1]", { items: [1, 2, 3] }, [2, 3]],
  ["$states.input.items ~> $map(function($v) { $v * 2 })", { items: [1, 2] }, [2, 4]],
  ["($f := function($n) { $n < 2 ? 1 : $n * $f($n - 1) }; $f(5))", {}, 120],
  ["$states.input ~> |items|{ 'price': price + 1 }|", { items: [{ price: 1 }] }, { items: [{ price: 2 }] }],
])("names inside a path are fields of its items: %s", async (expression, input, expected) => {
  expect(await value(expression, input)).toEqual(expected);
});

test.each([
  ["$partition([1, 2, 3, 4, 5], 2)", [[1, 2], [3, 4], [5]]],
  ["$range(1, 9, 4)", [1, 5, 9]],
  ["$range(3, 1, -1)", [3, 2, 1]],
  ["$hash('a', 'MD5')", "0cc175b9c0f1b6a831c399e269772661"],
  ["$hash('a', 'SHA-256')", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"],
  ["$random(7) = $random(7)", true],
  ["$parse('{\"a\": [1]}').a", [1]],
  ["$length($uuid())", 36],
  ["$millis()", Date.parse("2026-11-23T08:00:00Z")],
  ["$now()", "2026-11-23T08:00:00.000Z"],
  ["$now('[Y0001]-[M01]', '+0000')", "2026-11"],
])("what Step Functions adds, and the clock: %s", async (expression, expected) => {
  expect(await value(expression)).toEqual(expected);
});

test.each([
  ["$states.input.nothing", "returned nothing (undefined)"],
  ["$nobody", "reads $nobody, which isn't assigned"],
  ["$exists($nobody)", "reads $nobody, which isn't assigned"],
  ["$string", "gives what is no JSON"],
  ["function($x) { $x }", "gives what is no JSON"],
  ["/a/", "gives what is no JSON"],
  ["{ 'f': [$string] }", "gives what is no JSON at .f[0]"],
  ["1 / 0", "gives what is no JSON"],
  ["$number('x')", "Unable to cast value to a number"],
  ["$error('no')", "no"],
  ["$range(1, 2000, 1)", "at most 1000 values"],
  ["$hash('a', 'CRC')", "one of MD5, SHA-1"],
  ["$parse('{')", "JSON"],
  ["$partition([1], 0)", "a positive whole number"],
])("fails as States.QueryEvaluationError: %s", async (expression, cause) => {
  const end = await run({ x: pass(`{% ${expression} %}`) });
  expect(end.error).toBe("States.QueryEvaluationError");
  expect(end.cause).toContain(cause);
});

test("undefined inside a constructor vanishes, as in JSONata; as a field of its own it fails", async () => {
  expect(await value("{ 'a': $states.input.nothing, 'b': [$states.input.nothing, 1] }")).toEqual({ b: [1] });
  const end = await run({ x: pass({ a: { b: ["{% $states.input.nothing %}"] } }) });
  expect(end.cause).toContain("specified for the field 'Output/a/b[0]' returned nothing (undefined)");
});

test("keys are never expressions, and texts without the marks stay as they are", async () => {
  const end = await run({ x: pass({ "{% 1 %}": "$states.input", price: "100 %" }) });
  expect(end.output).toEqual({ "{% 1 %}": "$states.input", price: "100 %" });
});

test("a name that objects have by themselves is just a name", async () => {
  const end = await run(
    { x: pass("{% $states.input %}") },
    { input: JSON.parse('{"__proto__": 1, "constructor": 2}') },
  );
  expect(JSON.stringify(end.output)).toBe('{"__proto__":1,"constructor":2}');
});

test("the context object, in the middle of a Map", async () => {
  const each = {
    Type: "Map",
    Items: ["a"],
    ItemProcessor: branch({ say: pass("{% $states.context %}") }),
    Next: "wait",
  };
  const end = await run(
    {
      each,
      wait: { Type: "Wait", Seconds: 3, Next: "say_again" },
      say_again: pass([["{% $states.input %}"], "{% $states.context.State %}"]),
    },
    { input: { a: 1 }, name: "execution_1", startAt: Date.parse("2026-11-23T08:00:00Z") },
  );
  expect(end.output).toEqual([
    [
      [
        {
          Execution: {
            Id: "arn:aws:states:eu-central-1:123456789012:execution:machine:execution_1",
            Input: { a: 1 },
            Name: "execution_1",
            RoleArn: "arn:aws:iam::123456789012:role/state-machines",
            StartTime: "2026-11-23T08:00:00.000Z",
            RedriveCount: 0,
          },
          State: { EnteredTime: "2026-11-23T08:00:00.000Z", Name: "say", RetryCount: 0 },
          StateMachine: { Id: "arn:aws:states:eu-central-1:123456789012:stateMachine:machine", Name: "machine" },
          Map: { Item: { Index: 0, Value: "a" } },
        },
      ],
    ],
    { EnteredTime: "2026-11-23T08:00:03.000Z", Name: "say_again", RetryCount: 0 },
  ]);
});

test("the result of a function is Payload, StatusCode and ExecutedVersion; JSON all through", async () => {
  const end = await run({ x: task("f") }, { lambda: answers({ at: new Date(0), gone: undefined }) });
  expect(end.output).toEqual({
    Payload: { at: "1970-01-01T00:00:00.000Z" },
    StatusCode: 200,
    ExecutedVersion: "$LATEST",
  });
});

test.each([
  ["a variable", { Assign: { big: "{% $pad('', 262143, 'x') %}" } }],
  ["an Assign together", { Assign: { a: "{% $pad('', 200000, 'x') %}", b: "{% $pad('', 200000, 'x') %}" } }],
  ["an output", { Output: "{% $pad('', 262143, 'x') %}" }],
])("%s over 256 KiB", async (_what, fields) => {
  const end = await run({ x: { Type: "Pass", ...fields, End: true } });
  expect(end.error).toBe("States.DataLimitExceeded");
});

test("an output of 256 KiB to the byte, in bytes of UTF-8", async () => {
  const fits = await run({ x: pass("{% $pad('', 262142, 'x') %}") });
  expect(fits.status).toBe("SUCCEEDED");
  const umlauts = await run({ x: pass("{% $pad('', 131072, 'ü') %}") });
  expect(umlauts.error).toBe("States.DataLimitExceeded");
});
