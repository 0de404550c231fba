/** Edit: the form, what comes back, and what is said when it can't be (A3). Through the real Bolt App. */
import type { InputBlock } from "@slack/types";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { editModal } from "../../src/bot/views/edit-modal.ts";
import { blockOf, readEdits, type SubmittedValues } from "../../src/bot/views/read-edits.ts";
import { editInput, type EditField } from "../../src/flow/edit-field.ts";
import type { Json } from "../../src/flow/json.ts";
import { checkBlocks } from "../../src/notify/slack/check-blocks.ts";
import { actionIds, callbackIds, encodeApproval } from "../../src/notify/slack/action-ids.ts";
import { bot } from "./bot-harness.ts";
import { dana } from "./fake-engine.ts";
import { press, submit } from "./fake-slack.ts";

const approval = { executionId: "exec-1", stepId: "approve_recommendations", version: 3 };
const value = encodeApproval(approval);

const Output = z.strictObject({
  note: z.string(),
  seats: z.int(),
  price: z.number().nullable(),
  urgent: z.boolean(),
  tone: z.enum(["warm", "plain"]),
  due: z.iso.date(),
  names: z.array(z.string()),
  plays: z.array(z.strictObject({ id: z.string(), title: z.string(), due_date: z.iso.date(), why: z.string() })),
  odd: z.record(z.string(), z.unknown()),
});
const output: Record<string, Json> = {
  note: "as found",
  seats: 70,
  price: 12.5,
  urgent: true,
  tone: "plain",
  due: "2026-12-01",
  names: ["Dana", "Kenji"],
  plays: [
    { id: "call", title: "Call them", due_date: "2026-12-01", why: "tickets" },
    { id: "visit", title: "Visit them", due_date: "2026-12-08", why: "usage" },
  ],
  odd: { a: 1 },
};
const fields: EditField[] = Object.keys(output).map((field) => ({
  step: "recommend",
  field,
  value: output[field] ?? null,
  input: editInput({ output: Output, field }),
}));

const Values: z.ZodType<SubmittedValues> = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({
      value: z.string().nullish(),
      selected_date: z.string().nullish(),
      selected_option: z.object({ value: z.string() }).nullish(),
    }),
  ),
);

function placeOf(field: string, ...path: (string | number)[]): string | null {
  return blockOf(fields, {}, { step: "recommend", field, path, message: "" });
}

function submitted(typed: Record<string, Record<string, unknown>> = {}) {
  return submit({ callbackId: callbackIds.edit, metadata: value, values: values(typed) });
}

function inputs(shown: EditField[]): InputBlock[] {
  const { blocks } = editModal({ approval: value, about: "*Acme Robotics*", fields: shown });
  return blocks.filter((block): block is InputBlock => block.type === "input");
}

/** What Slack would send back if the person touched nothing but `typed`. */
function values(typed: Record<string, Record<string, unknown>> = {}): SubmittedValues {
  return sentBack(fields, typed);
}

function sentBack(shown: EditField[], typed: Record<string, Record<string, unknown>>): SubmittedValues {
  const states = inputs(shown).map((block) => {
    const { element } = block;
    const state = {
      ...("initial_value" in element ? { value: element.initial_value } : {}),
      ...("initial_date" in element ? { selected_date: element.initial_date } : {}),
      ...("initial_option" in element ? { selected_option: element.initial_option } : {}),
      ...typed[block.block_id ?? ""],
    };
    return [block.block_id ?? "", { value: state }] as const;
  });
  return Values.parse(Object.fromEntries(states));
}

function edited(typed: Record<string, Record<string, unknown>>): Record<string, Json> {
  const { edits, errors } = readEdits(fields, values(typed));
  expect(errors).toEqual({});
  return Object.fromEntries(edits.map(({ field, value: read }) => [field, read]));
}

describe("the form", () => {
  test("asks for each value in the way of its type", () => {
    const elements = inputs(fields).map(({ label, element }) => `${label.text}: ${element.type}`);
    expect(elements).toEqual([
      "Note: plain_text_input",
      "Seats: number_input",
      "Price: number_input",
      "Urgent: radio_buttons",
      "Tone: static_select",
      "Due: datepicker",
      "Names: plain_text_input",
      "Play 1: plain_text_input",
      "Play 1, due date: datepicker",
      "Play 2: plain_text_input",
      "Play 2, due date: datepicker",
      "Odd: plain_text_input",
    ]);
  });

  test("sent back untouched it changes nothing", () => {
    expect(edited({})).toEqual(output);
  });

  test("what was typed is read by its type; a record keeps what has no input, and emptied it is left out", () => {
    const read = edited({
      "edit/1": { value: "35" },
      "edit/2": { value: null },
      "edit/3": { selected_option: { value: "no" } },
      "edit/5": { selected_date: "2026-12-24" },
      "edit/6": { value: " Dana \n\n Priya" },
      "edit/7/0/title": { value: null },
      "edit/7/1/due_date": { selected_date: "2026-12-09" },
      "edit/8": { value: '{"a":[2]}' },
    });
    expect(read).toEqual({
      ...output,
      seats: 35,
      price: null,
      urgent: false,
      due: "2026-12-24",
      names: ["Dana", "Priya"],
      plays: [{ id: "visit", title: "Visit them", due_date: "2026-12-09", why: "usage" }],
      odd: { a: [2] },
    });
  });

  test("what can't be read is said at its input", () => {
    const { errors } = readEdits(fields, values({ "edit/1": { value: "3.5" }, "edit/8": { value: "{" } }));
    expect(errors).toEqual({
      "edit/1": "A whole number is needed here.",
      "edit/8": expect.stringContaining("no JSON"),
    });
  });

  test("the engine's problems find their input, or the nearest", () => {
    expect(placeOf("plays", 1, "due_date")).toBe("edit/7/1/due_date");
    expect(placeOf("plays", 1, "why")).toBe("edit/7/1/title");
    expect(placeOf("plays")).toBe("edit/7/0/title");
    expect(placeOf("note")).toBe("edit/0");
    expect(placeOf("nothing")).toBeNull();
  });

  test("says whom it is about, and how an entry is left out", () => {
    const { blocks } = editModal({ approval: value, about: "*Acme Robotics*", fields });
    expect(JSON.stringify(blocks.slice(0, 2))).toMatch(/\*Acme Robotics\*.*Empty an entry to leave it out/);
  });

  test("the engine's problem finds the record that it is about although others were left out", () => {
    const left = values({ "edit/7/0/title": { value: null } });
    const problem = { step: "recommend", field: "plays", path: [0, "due_date"], message: "" };
    expect(blockOf(fields, left, problem)).toBe("edit/7/1/due_date");
  });

  test("what no form can show as it is stays as it is when nobody touches it", () => {
    const Odd = z.strictObject({
      names: z.array(z.string()),
      plays: z.array(z.strictObject({ due_date: z.iso.date().nullable(), title: z.string().nullable() })),
      tone: z.enum(["x".repeat(90), `${"x".repeat(90)}y`]),
      amount: z.number(),
      note: z.string(),
    });
    const odd: Record<string, Json> = {
      names: ["two\nlines", " padded "],
      plays: [
        { title: null, due_date: null },
        { title: "", due_date: "2026-12-01" },
      ],
      tone: `${"x".repeat(90)}y`,
      amount: 1e21,
      note: "long ".repeat(900),
    };
    const oddFields: EditField[] = Object.keys(odd).map((field) => ({
      step: "recommend",
      field,
      value: odd[field] ?? null,
      input: editInput({ output: Odd, field }),
    }));
    const { blocks } = editModal({ approval: value, about: null, fields: oddFields });
    expect(checkBlocks(blocks, "modal")).toEqual([]);
    expect(JSON.stringify(blocks)).toContain("Note: too long to be changed here, so it stays as it is.");
    const { edits, errors } = readEdits(oddFields, sentBack(oddFields, {}));
    expect(errors).toEqual({});
    expect(Object.fromEntries(edits.map(({ field, value: read }) => [field, read]))).toEqual(odd);
  });

  test("a hundred records stay within Slack's blocks, and those without an input stay as they were", () => {
    const plays = Array.from({ length: 100 }, (_, index) => ({
      id: `p${index}`,
      title: `Play ${index} ${"long ".repeat(500)}`,
      due_date: "2026-12-01",
      why: "",
    }));
    const many: EditField[] = [
      { step: "recommend", field: "plays", value: plays, input: editInput({ output: Output, field: "plays" }) },
    ];
    const { blocks } = editModal({ approval: value, about: null, fields: many });
    expect(checkBlocks(blocks, "modal")).toEqual([]);
    expect(JSON.stringify(blocks)).toContain("Only the first");
    expect(readEdits(many, {}).edits[0]?.value).toEqual(plays);
  });
});

describe("a press on Edit", () => {
  test("opens a loading view at once and fills it", async () => {
    const { receiver, engine, slack } = await bot();
    engine.editFormAnswer = { kind: "form", fields };
    slack.answers.set("views.open", { ok: true, view: { id: "V1" } });
    await receiver.deliver(press(actionIds.edit, value));
    expect(slack.calls.map(({ method }) => method)).toEqual(["views.open", "views.update"]);
    expect(JSON.stringify(slack.of("views.open"))).toContain("Reading what can be changed");
    expect(JSON.stringify(slack.of("views.update"))).toContain("Visit them");
  });

  test("by somebody who may not decide: the view says so", async () => {
    const { receiver, engine, slack } = await bot();
    engine.editFormAnswer = { kind: "refused", reason: "not_an_approver", message: "You can't decide this." };
    slack.answers.set("views.open", { ok: true, view: { id: "V1" } });
    await receiver.deliver(press(actionIds.edit, value));
    expect(JSON.stringify(slack.of("views.update"))).toContain("You can't decide this.");
  });
});

describe("the submitted form", () => {
  test("goes to the engine whole, with who sent it, and closes", async () => {
    const { receiver, engine } = await bot();
    engine.editFormAnswer = { kind: "form", fields };
    const [ack] = [await receiver.deliver(submitted({ "edit/0": { value: "as agreed" } }))].flat();
    expect(ack).toBeUndefined();
    const [asked] = z.array(z.looseObject({ edits: z.array(z.looseObject({})) })).parse(engine.of("edit"));
    expect(asked).toMatchObject({ ...approval, person: dana });
    expect(asked?.edits[0]).toEqual({ step: "recommend", field: "note", value: "as agreed" });
  });

  test("with what can't be read: the errors stand at the inputs and the engine isn't asked", async () => {
    const { receiver, engine } = await bot();
    engine.editFormAnswer = { kind: "form", fields };
    const [ack] = [await receiver.deliver(submitted({ "edit/1": { value: "many" } }))].flat();
    expect(ack).toEqual({ response_action: "errors", errors: { "edit/1": '"many" is no number.' } });
    expect(engine.of("edit")).toEqual([]);
  });

  test("with what the output doesn't allow: the engine's words stand at the inputs", async () => {
    const { receiver, engine } = await bot();
    engine.editFormAnswer = { kind: "form", fields };
    const problem = { step: "recommend", field: "plays", path: [0, "title"], message: "Too long." };
    engine.editAnswer = { kind: "invalid", problems: [problem] };
    const [ack] = [await receiver.deliver(submitted())].flat();
    expect(ack).toEqual({ response_action: "errors", errors: { "edit/7/0/title": "Too long." } });
  });

  test("overtaken by another edit meanwhile: said in the form, nothing changed", async () => {
    const { receiver, engine } = await bot();
    engine.editFormAnswer = { kind: "refused", reason: "overtaken", message: "A newer version stands below." };
    const [ack] = [await receiver.deliver(submitted())].flat();
    expect(JSON.stringify(ack)).toContain("A newer version stands below.");
    expect(engine.of("edit")).toEqual([]);
  });

  test("with nothing changed: said in words", async () => {
    const { receiver, engine } = await bot();
    engine.editFormAnswer = { kind: "form", fields };
    engine.editAnswer = { kind: "unchanged" };
    expect(JSON.stringify(await receiver.deliver(submitted()))).toContain("Nothing was changed");
  });
});
