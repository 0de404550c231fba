/** Whom does a name mean: the one, nobody, or several, who are then told apart? */
import { expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { oneCustomer } from "../../src/cli/one-customer.ts";
import { customerWith } from "../agents/support.ts";

const twins = [
  customerWith({ id: "C-1", name: "Twin", region: "EMEA", account_manager_name: "Dana Reyes" }),
  customerWith({ id: "C-2", name: "Twin", region: "APAC" }),
];

function asked(text: string, found = twins): Promise<string> {
  const engine: Pick<Engine, "findCustomers" | "nearestCustomers"> = {
    findCustomers: () => Promise.resolve(found),
    nearestCustomers: () => Promise.resolve([]),
  };
  return oneCustomer(engine, text).then(
    ({ id }) => id,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

it("two of one name are both told, with what tells them apart, and neither is taken", async () => {
  expect(await asked("Twin")).toBe(
    "2 customers are called “Twin”; name one by its id:\n  C-1 · Twin · EMEA · Dana Reyes\n  C-2 · Twin · APAC",
  );
});

it("an id is exact, though another's name is the same", async () => {
  const named = customerWith({ id: "C-9", name: "C-2" });
  expect(await asked("C-2", [named, ...twins])).toBe("C-2");
});

it("a hundred of one name don't fill the screen, and a name turns no colour on", async () => {
  const many = Array.from({ length: 100 }, (_, index) => customerWith({ id: `C-${index}`, name: "Tw\u001b[31min" }));
  const said = await asked("twin", many);
  expect(said.split("\n")).toHaveLength(12);
  expect(said).toContain("and 90 more");
  expect(said).not.toContain("\u001b");
});
