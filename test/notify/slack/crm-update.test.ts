/** A3, T2: does an approver see what of the CRM is overwritten, whatever stands there? */
import type { KnownBlock } from "@slack/types";
import { expect, it } from "vitest";
import type { CrmChange, CrmUpdateEffect } from "../../../src/flow/effect.ts";
import { plannedEffect } from "../../../src/flow/effect-state.ts";
import { buildApprovalCard } from "../../../src/notify/slack/approval-card.ts";
import { buildDetails } from "../../../src/notify/slack/details.ts";
import { effectWords } from "../../../src/notify/slack/pictures/effect-words.ts";
import { sampleApproval } from "./sample-cards.ts";

function update(changes: CrmChange[], more: Partial<CrmUpdateEffect> = {}): CrmUpdateEffect {
  const customer = { id: "C-001", name: "Acme Robotics" };
  return { kind: "crm_update", customer, changes, reason: "The champion left", ...more };
}

function planned(effect: CrmUpdateEffect) {
  return { plans: [{ stepId: "note_champion", items: null, effects: [{ target: "crm:C-001", effect }] }] };
}

function textOf(blocks: readonly KnownBlock[]): string {
  return blocks.flatMap((block) => (block.type === "section" ? [block.text?.text ?? ""] : [])).join("\n");
}

const left: CrmChange = { field: "champion_status", from: "active", to: "left" };
const cleared: CrmChange = { field: "csm_email", from: "lee@example.com", to: null };

it("the card shows each field before and after, beside the proposals too", () => {
  const line = "• CRM update of Acme Robotics — champion status active → left, csm email lee@example.com → nothing";
  for (const outputs of [sampleApproval().outputs, []]) {
    const { blocks } = buildApprovalCard(sampleApproval({ outputs, ...planned(update([left, cleared])) }));
    expect(textOf(blocks)).toContain(`If approved:\n${line}`);
  }
});

it("the mails that follow from proposals don't lengthen the card", () => {
  expect(textOf(buildApprovalCard(sampleApproval()).blocks)).not.toContain("If approved");
});

it("Details have every field in full, and why", () => {
  const long = "x".repeat(300);
  const effect = update([left, { field: "segment", from: long, to: null }]);
  const text = textOf(buildDetails(sampleApproval(planned(effect))));
  expect(text).toContain("> champion status active → left");
  expect(text).toContain(`> segment ${long} → nothing`);
  expect(text).toContain("because: The champion left");
});

it.each([
  ["<!channel>", '"&lt;!channel&gt;"'],
  ["open → closed, arr 1 → 2", '"open → closed, arr 1 → 2"'],
  ["nothing", '"nothing"'],
  ["*bold*", '"∗bold∗"'],
])("%s in a field calls nobody and passes for nothing else", (value, shown) => {
  const effect = update([{ field: "status", from: value, to: "open" }], {
    customer: { id: "C-001", name: "<!here>" },
    reason: "<@U1>",
  });
  const card = sampleApproval({ outputs: [], ...planned(effect) });
  for (const text of [textOf(buildApprovalCard(card).blocks), textOf(buildDetails(card))]) {
    expect(text).toContain(`status ${shown} → open`);
    expect(text).not.toMatch(/<[!@]/);
  }
});

it("the pictures count it once it is written", () => {
  const effect = plannedEffect("exec-1/note_champion/crm:C-001", { target: "crm:C-001", effect: update([left]) });
  expect(effectWords([effect])).toBeNull();
  const receipt = { id: "C-001", summary: "", url: null };
  expect(effectWords([{ ...effect, state: { status: "performed", at: 1, receipt } }])).toBe("1 CRM update");
});
