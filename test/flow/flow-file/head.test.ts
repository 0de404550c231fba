import { describe, expect, test } from "vitest";
import { count, definitionOf, flow, placeOf, read, said } from "../fixtures/reading.ts";

describe("a flow as a whole", () => {
  test("has its limits, or none", () => {
    const text = flow(count, 'timeout: P7D\nconcurrency: { key: "${customer.id}", limit: 1 }');
    expect(definitionOf(text)).toMatchObject({
      timeout_ms: 604_800_000,
      concurrency: { key: "${customer.id}", limit: 1 },
      input: { customer_id: { required: true } },
    });
    expect(definitionOf(flow(count))).toMatchObject({ timeout_ms: null, concurrency: null, input: {} });
  });

  test.each([
    "all",
    "${customer.region}",
    "region ${input.region} of ${customer.segment}",
    "${admin_email}",
    "${input.customer_id}",
  ])("may have the key %s", (key) => {
    const text = flow(count, `input: { region: { type: string } }\nconcurrency: { key: "${key}", limit: 3 }`);
    expect(said(text)).toEqual([]);
  });

  test.each([
    ["timeout: 7", "7", "timeout must be a text, not a number"],
    ["timeout: P0D", "P0D", "timeout must be longer than nothing"],
    ["timeout: P1Y", "P1Y", 'timeout: "P1Y" is no duration'],
    ["timeout: { after: P7D }", "{ after", "timeout must be a text, not a mapping"],
    ["concurrency: 1", "1\n#", "concurrency must be a mapping of keys to values, not a number"],
    ["concurrency: { key: all }", "{ key", "concurrency needs a limit, as in"],
    ["concurrency: { limit: 1 }", "{ limit", "concurrency needs a key, as in"],
    ["concurrency: { key: all, limit: 0 }", "0 }", "limit must be a whole number from 1, not 0"],
    ["concurrency: { key: all, limit: '1' }", "'1'", "limit must be a whole number from 1, not a text"],
    ["concurrency: { key: 5, limit: 1 }", "5,", 'key must be a text, not a number; write it in quotes: "5"'],
    ["concurrency: { key: [a], limit: 1 }", "[a]", "key must be a text, not a list"],
    [
      "concurrency: { key: all, limits: 1, limit: 1 }",
      "limits",
      'concurrency has no key "limits"; did you mean limit?',
    ],
    [
      'concurrency: { key: "${count.x}", limit: 1 }',
      "count.x",
      '"count" is a step; here no step\'s output can be read',
    ],
    ['concurrency: { key: "${execution.id}", limit: 1 }', "execution.id", "execution can't be read here: there are"],
    ['concurrency: { key: "${batch.id}", limit: 1 }', "batch.id", "batch can't be read here: there are"],
    ['concurrency: { key: "${item}", limit: 1 }', "item", '"item" needs for_each'],
    ['concurrency: { key: "${customer.idd}", limit: 1 }', "idd}", 'customer has no field "idd"; did you mean id?'],
    ['concurrency: { key: "${input.x}", limit: 1 }', "x}", 'input has no field "x"'],
    ['concurrency: { key: "${customer.id", limit: 1 }', "${customer", 'this "${" has no closing "}"'],
    ["timeuot: P7D", "timeuot", 'a flow has no key "timeuot"; did you mean timeout?'],
    ["remove: [count]", "remove", "remove goes with extends"],
  ])("is refused with %s, where it is wrong", (rest, marked, message) => {
    const text = flow(count, `${rest}\n#`);
    expect(said(text)).toEqual([expect.stringContaining(`${placeOf(text, marked)} ${message}`)]);
    expect(read(text).definition).toBeNull();
  });
});
