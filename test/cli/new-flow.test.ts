/** Does `new flow` write a flow that works, whatever is answered, and never over another? */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { OwnActions } from "../../src/agents/own/own-actions.ts";
import { sitDown, type Sitting } from "./terminal-line.ts";

let sitting: Sitting;
beforeEach(async () => {
  sitting = await sitDown();
});
afterEach(() => sitting.close());

it.each([
  ["schedule", "yes"],
  ["event", "yes"],
  ["manual", "no"],
])("started by %s, approval %s: it is valid and its test passes", async (start, approval) => {
  const { code, out } = await sitting.line("new", "flow", "quick", "--start", start, "--approval", approval);
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining("npx revops test") });
  const test = join(sitting.folder, "flows/custom/quick.test.yml");
  expect(await sitting.json("validate")).toEqual({ problems: [] });
  expect(await sitting.json("test", test)).toMatchObject({
    failed: 0,
    problems: [],
    passed: approval === "yes" ? 2 : 1,
  });
});

it("failures are told where somebody is named for that", async () => {
  await writeFile(join(sitting.folder, "revops.yml"), "variables: { admin_email: revops@example.com }\n");
  await sitting.line("new", "flow", "quick");
  const problems = await sitting.json("validate", join(sitting.folder, "flows/custom/quick.yml"));
  expect(problems).toEqual({ problems: [] });
  const written = await readFile(join(sitting.folder, "flows/custom/quick.yml"), "utf8");
  expect(written).toMatch(/failure_notification: .*admin_email/);
});

it("a description with the language's own characters stays what it is", async () => {
  const description = 'Ask: "who" ${customer.name} #1, or: <!channel>';
  await sitting.line("new", "flow", "odd", "--description", description);
  expect(await sitting.json("validate")).toEqual({ problems: [] });
  const written = await readFile(join(sitting.folder, "flows/custom/odd.yml"), "utf8");
  expect(written).toContain("$${customer.name}");
});

it("whoever sits there is asked, and empty lines take what stands in brackets", async () => {
  const { code, err } = await sitting.asked("", "new", "flow", "asked");
  expect(code).toBe(0);
  expect(err).toContain("What starts it: schedule, event or manual [schedule]: ");
  expect(err).not.toContain("Which event");
  expect(await readFile(join(sitting.folder, "flows/custom/asked.yml"), "utf8")).toContain("type: schedule");
});

it("an answer that can't be used is asked for again, but not for ever", async () => {
  const { code, err } = await sitting.asked("No Id!", "new", "flow");
  expect(code).toBe(1);
  expect(err.match(/Its id, such as/g)).toHaveLength(5);
  expect(err).toContain("No flow is written.");
});

it("nobody can be asked and nothing is known: no file is written", async () => {
  expect((await sitting.asked("", "new", "flow")).code).toBe(2);
});

it.each([
  [["review"], "There is a flow review already, in"],
  [["Review"], "A flow's id is small letters"],
  [["customer"], "A flow's id is small letters"],
  [["quick", "--start", "daily"], '--start must be one of schedule, event, manual, not "daily".'],
  [["quick", "--channel", "revops"], "A channel is written with its #"],
  [["quick", "--start", "event", "--event", "A B"], "An event is a name such as customer.created"],
])("new flow %j is refused", async (words, message) => {
  expect(await sitting.line("new", "flow", ...words)).toMatchObject({ code: 1, err: expect.stringContaining(message) });
});

it("a file that is there already is left as it is", async () => {
  const file = join(sitting.folder, "flows/custom/quick.yml");
  await mkdir(join(sitting.folder, "flows/custom"));
  await writeFile(file, "# mine\n");
  const { code, err } = await sitting.line("new", "flow", "quick");
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining("is there already") });
  expect(await readFile(file, "utf8")).toBe("# mine\n");
});

it.each(["data_agent", "decision_agent", "execution_agent"])(
  "an action of %s loads as it is written, and never over another",
  async (agent) => {
    // Within the repository: there the package knows its own name.
    const folder = await mkdtemp(resolve(import.meta.dirname, ".new-action-"));
    try {
      const name = `own_${agent}`;
      const line = ["new", "action", name, "--agent", agent, "--description", "Says it `${so}`.", "--folder", folder];
      expect(await sitting.line(...line)).toMatchObject({ code: 0, out: expect.stringContaining(`action: ${name}`) });
      const { catalogue, problems } = await new OwnActions({ product: [], folders: [folder] }).look();
      expect(problems).toEqual([]);
      expect(catalogue).toMatchObject([{ agent, action: name }]);
      expect(await sitting.line(...line)).toMatchObject({ code: 1, err: expect.stringContaining("is there already") });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);

it.each([
  [["Score Health"], 1, "small letters, digits and _"],
  [["send_email"], 1, "is an action of the product's execution_agent already"],
  [["score", "--agent", "sales_agent"], 1, "--agent must be one of data_agent, decision_agent, execution_agent"],
  [[], 2, "An action needs a name"],
])("new action %j is refused", async (words, code, message) => {
  expect(await sitting.line("new", "action", ...words)).toMatchObject({ code, err: expect.stringContaining(message) });
});
