import { describe, expect, test } from "vitest";
import { nearest } from "../../src/flow/nearest.ts";

const commands = ["run", "status", "flows", "approvals", "history", "explain", "redrive", "help"];

describe("nearest", () => {
  test.each([
    ["rnu", "run"],
    ["RUN", "run"],
    ["statsu", "status"],
    ["stat", "status"],
    ["aproval", "approvals"],
    ["hlep", "help"],
    ["redirve", "redrive"],
    [" flow ", "flows"],
  ])("%s means %s", (word, right) => {
    expect(nearest(word, commands)).toBe(right);
  });

  test.each(["", "  ", "x", "banana", "xyz", "s", "r".repeat(10_000)])("%s means nothing we know", (word) => {
    expect(nearest(word, commands)).toBeNull();
  });

  test("the nearer one wins over the earlier one, a slip over a beginning", () => {
    expect(nearest("renewal_data", ["renewal_rate", "renewal_date"])).toBe("renewal_date");
    expect(nearest("flow", ["flow_control", "flows"])).toBe("flows");
  });

  test("a beginning finds the shortest name that it begins", () => {
    expect(nearest("renewal", ["renewal_management_eu", "renewal_management"])).toBe("renewal_management");
  });

  test("a candidate shorter than the slips isn't found by accident", () => {
    expect(nearest("ab", ["x"])).toBeNull();
    expect(nearest("a", ["b"])).toBeNull();
  });
});
