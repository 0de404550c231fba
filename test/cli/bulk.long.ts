/** Does a verb over many executions say what it would do, ask, and do that and no more? */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { sitDown, startBy, type Sitting } from "./terminal-line.ts";

let sitting: Sitting;
let ids: string[] = [];
beforeEach(async () => {
  sitting = await sitDown();
  ids = [];
  for (const customer of ["acme", "beta", "gamma"]) ids.push(await start("review", customer));
  ids.push(await start("meet", "at=2100-01-01T00:00:00Z"));
});
afterEach(() => sitting.close());

function start(...args: string[]): Promise<string> {
  return startBy(sitting, ...args);
}

const Aborted = z.strictObject({ aborted: z.array(z.string()), refused: z.array(z.unknown()) });

async function aborted(...args: string[]): Promise<string[]> {
  return Aborted.parse(await sitting.json("abort", ...args, "--yes")).aborted.toSorted();
}

async function running(): Promise<number> {
  const { executions } = z.object({ executions: z.array(z.unknown()) }).parse(await sitting.json("status"));
  return executions.length;
}

describe("whoever is asked", () => {
  it.each(["n", "", "maybe", "yesterday"])("and types %o changes nothing", async (typed) => {
    const { code, out, err } = await sitting.asked(typed, "abort", "--flow", "review");
    expect({ code, out }).toEqual({ code: 0, out: "Nothing was aborted.\n" });
    for (const name of ["Acme Robotics", "Beta Health", "Gamma Foods"]) expect(err).toContain(name);
    expect(err).toMatch(/Abort 3 executions\? \[y\/N\] $/);
    expect(await running()).toBe(4);
  });

  it.each(["y", "YES", " yes "])("and types %o gets what was shown", async (typed) => {
    expect((await sitting.asked(typed, "abort", "--flow", "review")).out).toBe("Aborted 3 executions.\n");
    expect(await running()).toBe(1);
  });

  it("isn't asked about nothing", async () => {
    expect(await sitting.asked("y", "abort", "--customer", "acme", "--flow", "meet")).toEqual({
      code: 0,
      out: "Nothing was aborted.\n",
      err: "",
    });
  });
});

it("where nobody can be asked, --yes is needed", async () => {
  const { code, err } = await sitting.line("abort", "--flow", "review");
  expect({ code, first: err.split("\n")[0] }).toEqual({
    code: 2,
    first: "This would abort 3 executions, and nobody can be asked here: add --yes.",
  });
  expect(await running()).toBe(4);
});

describe("a filter", () => {
  it("by flow and customer narrows to what fits both", async () => {
    expect(await aborted("--flow", "review", "--customer", "Beta Health")).toEqual([ids[1]]);
    expect(await running()).toBe(3);
  });

  it("by time means the start: before excludes the instant, after includes it", async () => {
    const { executions } = z
      .object({ executions: z.array(z.object({ execution_id: z.string(), started_at: z.string() })) })
      .parse(await sitting.json("status"));
    const second = executions.find(({ execution_id }) => execution_id === ids[1])?.started_at ?? "";
    expect(await aborted("--before", second)).toEqual([ids[0]]);
    expect(await aborted("--after", second, "--flow", "review")).toEqual(ids.slice(1, 3).toSorted());
  });

  it("of a batch means those that it started", async () => {
    await aborted("--flow", "review");
    const { batch_id } = z.object({ batch_id: z.string() }).parse(await sitting.json("run", "review"));
    await sitting.app();
    expect(await aborted("--batch", batch_id)).toHaveLength(2);
  });

  it.each([
    [["--flow", "reviw"], /There is no flow reviw, and never was\. Did you mean review\?/],
    [["--customer", "Acme Robotic"], /No customer has the id or name “Acme Robotic”\. Did you mean “Acme Robotics”\?/],
  ])("%j that names nothing is told the nearest name and changes nothing", async (filter, message) => {
    const { code, err } = await sitting.line("abort", ...filter, "--yes");
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(message) });
    expect(await running()).toBe(4);
  });
});

it("what ended otherwise than well is redriven in bulk, by its status where one is named", async () => {
  const failing = await start("meet", "at=never");
  await sitting.app();
  await aborted("--customer", "acme");
  const Redriven = z.object({ redriven: z.array(z.object({ execution_id: z.string() })) });
  const redriven = async (...args: string[]) =>
    Redriven.parse(await sitting.json("redrive", ...args, "--yes")).redriven.map(({ execution_id }) => execution_id);
  expect(await redriven("--status", "failed")).toEqual([failing]);
  expect(await redriven("--flow", "review")).toEqual([ids[0]]);
  expect((await sitting.line("redrive", "--flow", "review", "--yes")).out).toBe("Nothing was redriven.\n");
});
