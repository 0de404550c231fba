/** Editing before the decision (A3): what is approved is exactly what was shown. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { FieldEdit } from "../../src/flow/event.ts";
import type { Json } from "../../src/flow/json.ts";
import type { Person } from "../../src/flow/person.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { agentStep, approvalStep, flow } from "./flows.ts";
import { kill, startHarness, type Harness } from "./harness.ts";
import { answer, scriptedAgents } from "./scripted-agents.ts";
import { dana, lead, outsider, second } from "./world.ts";

const Assessment = z.strictObject({
  over_threshold: z.boolean(),
  note: z.string().min(1).max(20),
  plays: z.array(z.strictObject({ title: z.string(), due_date: z.iso.date() })).min(1),
});
const call = { title: "Call them", due_date: "2026-12-01" };
const visit = { title: "Visit them", due_date: "2026-12-08" };

function agents() {
  return scriptedAgents(
    {
      assess: () => answer({ over_threshold: true, note: "as found", plays: [call, visit] }),
      notify: ({ parameters, outputs }) => ({
        output: { sent: true },
        effects: [
          {
            target: null,
            effect: {
              kind: "email",
              to: "dana@example.com",
              subject: z.string().parse(parameters["subject"]),
              html: "",
              text: JSON.stringify(outputs.find(({ action }) => action === "assess")?.output),
            },
          },
        ],
      }),
    },
    { assess: Assessment },
  );
}

const editable = ["note", "plays"].map((field) => ({ step: "assess", field }));

function editableFlow(overrides: Parameters<typeof approvalStep>[1] = {}) {
  return flow([
    agentStep("assess", "assess"),
    approvalStep("approve", { after: ["assess"], editable, ...overrides }),
    agentStep("notify", "notify", { after: ["approve"], parameters: { subject: "About ${assess.note}" } }),
    agentStep("check", "noop", { after: ["notify"], parameters: { note: "${assess.note}", by: "${approve.edits}" } }),
    agentStep("beside", "noop", { after: ["assess"], parameters: { note: "${assess.note}" } }),
  ]);
}

async function asked(overrides: Parameters<typeof approvalStep>[1] = {}, options: { store?: MemoryStateStore } = {}) {
  const harness = await startHarness({ flows: [editableFlow(overrides)], agents: agents(), ...options });
  const { executionId } = await harness.engine.start({
    flowId: "renewal",
    input: { customer_id: "acme" },
    person: outsider,
  });
  await harness.engine.idle();
  const edit = (person: Person, version: number, edits: Record<string, Json>) =>
    harness.engine.edit({ executionId, stepId: "approve", version, person, edits: fieldEdits(edits) });
  const approve = (person: Person, version: number) =>
    harness.engine.decide({ executionId, stepId: "approve", version, person, decision: "approve", reason: null });
  return { harness, executionId, edit, approve };
}

function fieldEdits(values: Record<string, Json>): FieldEdit[] {
  return Object.entries(values).map(([field, value]) => ({ step: "assess", field, value }));
}

function mails(harness: Harness): string[] {
  return harness.world.ofKind("email").map(({ effect }) => (effect.kind === "email" ? effect.subject : ""));
}

async function hashes(harness: Harness, executionId: string): Promise<string[]> {
  const events = (await harness.log(executionId)).flatMap((entry) => entry.events);
  return events.flatMap((event) =>
    event.type === "approval_requested" || event.type === "approval_edited" ? [event.hash] : [],
  );
}

describe("an edit", () => {
  test("is planned anew, shown as a difference, and is exactly what leaves", async () => {
    const { harness, executionId, edit, approve } = await asked();
    expect(await edit(dana, 1, { note: "as agreed" })).toEqual({ kind: "edited", version: 2 });
    await harness.engine.idle();
    const [card] = harness.world.card("approval");
    expect(card).toMatchObject({ version: 2, edits: [{ by: dana, changes: [{ from: "as found", to: "as agreed" }] }] });
    const [note] = harness.world.card("note");
    expect(note?.note).toMatchObject({ type: "edited", by: dana, plans: [{ stepId: "notify" }] });
    const [before, after] = await hashes(harness, executionId);
    expect(after).not.toBe(before);
    expect(await approve(dana, 2)).toEqual({ kind: "recorded", ended: true });
    await harness.engine.idle();
    expect(mails(harness)).toEqual(["About as agreed"]);
    expect((await harness.engine.report({ executionId })).header.outcome).toBe("completed");
  });

  test("is seen by what depends on the approval, and by nothing else", async () => {
    const { harness, executionId, edit, approve } = await asked();
    await edit(dana, 1, { note: "as agreed" });
    await approve(dana, 2);
    await harness.engine.idle();
    const events = (await harness.log(executionId)).flatMap((entry) => entry.events);
    const output = (id: string) =>
      events.flatMap((event) => (event.type === "step_succeeded" && event.step_id === id ? [event.output] : []))[0];
    expect(output("assess")).toMatchObject({ note: "as found" });
    expect(output("beside")).toEqual({ note: "as found" });
    expect(output("check")).toEqual({ note: "as agreed", by: fieldEdits({ note: "as agreed" }) });
  });

  test("a click on a card that an edit has overtaken changes nothing and is told so", async () => {
    const { harness, edit, approve } = await asked();
    await edit(lead, 1, { note: "as agreed" });
    expect(await approve(dana, 1)).toEqual({
      kind: "refused",
      reason: "overtaken",
      message: `${lead.name} has edited this since: please look at what the card says now, then decide. Nothing changed.`,
    });
    expect(await edit(dana, 1, { note: "too late" })).toMatchObject({ kind: "refused", reason: "overtaken" });
    await harness.engine.idle();
    expect(harness.world.effects).toEqual([]);
  });

  test("two edits at once: one counts, the other is told", async () => {
    const { edit } = await asked();
    const answers = await Promise.all([edit(dana, 1, { note: "one" }), edit(lead, 1, { note: "other" })]);
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(["edited", "refused"]);
  });

  test("a second edit starts from the first", async () => {
    const { harness, edit, approve } = await asked();
    await edit(dana, 1, { note: "as agreed" });
    await edit(lead, 2, { plays: [visit] });
    await approve(dana, 3);
    await harness.engine.idle();
    const [mail] = harness.world.ofKind("email");
    expect(mail?.effect).toMatchObject({
      subject: "About as agreed",
      text: expect.stringContaining('"note":"as agreed"'),
    });
    expect(mail?.effect).toMatchObject({ text: expect.not.stringContaining("Call them") });
  });

  test("what was said in the thread stays as it was said; only the plans of an overtaken edit go", async () => {
    const { harness, edit, approve } = await asked();
    await edit(dana, 1, { note: "as agreed" });
    await harness.engine.idle();
    await edit(lead, 2, { plays: [visit] });
    await harness.engine.idle();
    await approve(dana, 3);
    await harness.engine.idle();
    const notes = [...harness.world.cards].filter(([key]) => key.includes("edit-"));
    expect(notes.map(([key]) => key.replace(/.*#/, ""))).toEqual(["card-edit-2", "card-edit-3"]);
    const [first, second] = notes.map(([, { card }]) => card);
    expect(first).toMatchObject({ note: { by: dana, plans: [] } });
    expect(second).toMatchObject({ note: { by: lead, plans: [{ stepId: "notify" }] } });
    expect(notes[1]?.[1].edits).toBe(0);
  });

  test("put back as it was, it is no edit any more; without a change it is none", async () => {
    const { harness, executionId, edit } = await asked();
    await edit(dana, 1, { note: "as agreed" });
    expect(await edit(dana, 2, { note: "as agreed" })).toEqual({ kind: "unchanged" });
    expect(await edit(dana, 2, { note: "as found" })).toEqual({ kind: "edited", version: 3 });
    await harness.engine.idle();
    const [first, , third] = await hashes(harness, executionId);
    expect(third).toBe(first);
  });

  test("what doesn't fit the output is refused by field, and nothing is recorded", async () => {
    const { harness, executionId, edit } = await asked();
    const before = (await harness.log(executionId)).length;
    const refused = await edit(dana, 1, { note: "", plays: [call, { title: "No day", due_date: "soon" }] });
    expect(refused).toMatchObject({
      kind: "invalid",
      problems: [
        { step: "assess", field: "note", path: [], message: "At least 1 character." },
        { step: "assess", field: "plays", path: [1, "due_date"], message: "A date is needed here." },
      ],
    });
    const foreign = await edit(dana, 1, { over_threshold: false });
    expect(foreign).toMatchObject({ kind: "invalid", problems: [{ field: "over_threshold", path: [] }] });
    expect(await harness.log(executionId)).toHaveLength(before);
  });

  test("an outsider and the requester may not, and an approver who voted under a quorum may", async () => {
    const { edit, approve, harness } = await asked({ quorum: 2 });
    expect(await edit(outsider, 1, { note: "mine" })).toMatchObject({ kind: "refused", reason: "requester" });
    expect(await approve(lead, 1)).toEqual({ kind: "recorded", ended: false });
    expect(await edit(lead, 1, { note: "better" })).toEqual({ kind: "edited", version: 2 });
    // What was approved before was something else: the quorum starts anew.
    expect(await approve(dana, 2)).toEqual({ kind: "recorded", ended: false });
    expect(await approve(second, 2)).toEqual({ kind: "recorded", ended: true });
    await harness.engine.idle();
    expect(mails(harness)).toEqual(["About better"]);
  });

  test("survives a kill: the next process shows and sends the edited", async () => {
    const store = new MemoryStateStore();
    const { harness, executionId, edit } = await asked({}, { store });
    await edit(dana, 1, { note: "as agreed" });
    await kill(harness);
    const { world, clock } = harness;
    const next = await startHarness({ flows: [editableFlow()], agents: agents(), store, world, clock, seed: 9 });
    await next.engine.decide({
      executionId,
      stepId: "approve",
      version: 2,
      person: dana,
      decision: "approve",
      reason: null,
    });
    await next.engine.idle();
    expect(mails(next)).toEqual(["About as agreed"]);
    expect(world.posts).toHaveLength(1);
    expect(world.replies.filter((key) => key.endsWith("edit-2"))).toHaveLength(1);
  });
});

test("the form offers what the flow calls editable, with the inputs that its schema asks for", async () => {
  const { harness, executionId, edit } = await asked();
  await edit(dana, 1, { note: "as agreed" });
  const form = (person: Person) => harness.engine.editForm({ executionId, stepId: "approve", version: 2, person });
  expect(await form(dana)).toEqual({
    kind: "form",
    fields: [
      { step: "assess", field: "note", value: "as agreed", input: { kind: "text", multiline: false } },
      {
        step: "assess",
        field: "plays",
        value: [call, visit],
        input: {
          kind: "items",
          columns: [
            { name: "title", input: { kind: "text", multiline: false } },
            { name: "due_date", input: { kind: "date" } },
          ],
        },
      },
    ],
  });
  expect(await form(outsider)).toMatchObject({ kind: "refused" });
});
