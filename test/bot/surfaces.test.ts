/** Lists, reviews and the App Home: what is shown, and what a press there does. Through the real Bolt App. */
import type { KnownBlock } from "@slack/types";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { listModal } from "../../src/bot/views/list-modal.ts";
import { homeView, type HomeFacts } from "../../src/bot/views/home.ts";
import { reviewModal } from "../../src/bot/views/details-modal.ts";
import type { WaitingApproval } from "../../src/engine/engine.ts";
import {
  actionIds,
  callbackIds,
  decodeListPage,
  decodeReview,
  encodeApproval,
  encodeExecution,
  encodeListPage,
  encodeReview,
  encodeStart,
} from "../../src/notify/slack/action-ids.ts";
import { checkBlocks } from "../../src/notify/slack/check-blocks.ts";
import { bot } from "./bot-harness.ts";
import { approvalCard, customer, dana, definition, header } from "./fake-engine.ts";
import { press, submit } from "./fake-slack.ts";

const approval = { executionId: "exec-1", stepId: "approve_recommendations", version: 3 };
const value = encodeApproval(approval);
const at = 1_800_000_000_000;
const opened = { ok: true, view: { id: "V9" } };
const page = { batchId: "batch-1", offset: 10 };
const inModal = (callback_id: string) => ({
  view: {
    id: "V1",
    type: "modal",
    callback_id,
    private_metadata: callback_id === callbackIds.list ? encodeListPage(page) : value,
    previous_view_id: null,
    root_view_id: "V1",
  },
  channel: undefined,
});
const inHome = { view: { id: "VH", type: "home", callback_id: "", private_metadata: "" }, channel: undefined };
/** A review that was opened from that page of a list. */
const overList = {
  view: {
    ...inModal(callbackIds.review).view,
    id: "V2",
    private_metadata: encodeReview({ approval, list: page }),
    previous_view_id: "V1",
  },
  channel: undefined,
};

function waits(count: number, name = "Acme Robotics"): WaitingApproval[] {
  return Array.from({ length: count }, (_, index) => ({
    header: header({ execution_id: `exec-${index}`, customer_name: name, risk_score: 0.78 }),
    waiting: {
      kind: "approval",
      step_id: "approve_recommendations",
      people: ["Dana Reyes"],
      references: [],
      requester_id: null,
      since: at,
      until: at + 3_600_000,
      listed: true,
      execution_id: null,
    },
  }));
}

const facts = (fields: Partial<HomeFacts> = {}): HomeFacts => ({
  waiting: { items: waits(2), total: 2 },
  cases: { items: [], total: 0 },
  personal: {
    executions: [header({})],
    customersAtRisk: [{ customer: customer({}), riskScore: 0.78, header: header({ status: "succeeded" }) }],
  },
  flows: [{ definition: definition({}), file: null, nextFiring: at + 60_000, running: 3, paused: null }],
  channels: { default: "#revops", alerts: "#renewals", flows: {} },
  now: at,
  timezone: "UTC",
  ...fields,
});

describe("the list", () => {
  test.each([
    [0, 0, []],
    [7, 0, []],
    [23, 0, [10, 0]],
    [23, 10, [0, 20, 10]],
    [23, 20, [10, 20]],
  ])("of %i approvals from %i turns to the pages that there are", (total, offset, targets) => {
    const view = listModal({
      items: waits(Math.min(10, total - offset)),
      total,
      offset,
      batchId: "b",
      timezone: "UTC",
    });
    const buttons = view.blocks.flatMap((block) =>
      block.type === "actions" && "elements" in block ? block.elements : [],
    );
    const values = buttons.map((element) => decodeListPage("value" in element ? (element.value ?? "") : "")?.offset);
    expect(values).toEqual(targets);
    expect(new Set(buttons.map((element) => ("action_id" in element ? element.action_id : ""))).size).toBe(
      targets.length,
    );
  });

  test("from a batch's message it opens with what waits for whoever pressed", async () => {
    const { receiver, engine, slack } = await bot();
    engine.headers = waits(12).map((one) => ({ ...one.header, waiting_for: [one.waiting] }));
    await receiver.deliver(press(actionIds.listOpen, encodeListPage({ batchId: "batch-1", offset: 0 })));
    expect(engine.of("waiting")).toEqual([{ person: dana, batchId: "batch-1", offset: 0, limit: 10 }]);
    expect(JSON.stringify(slack.of("views.open"))).toContain("1 to 10 of 12 approvals");
  });

  test("turned over, the same view shows the next page; an emptied last page falls back to the first", async () => {
    const { receiver, engine, slack } = await bot();
    engine.headers = waits(12).map((one) => ({ ...one.header, waiting_for: [one.waiting] }));
    const turn = (offset: number) =>
      receiver.deliver(press(actionIds.listNext, encodeListPage({ batchId: null, offset }), inModal(callbackIds.list)));
    await turn(10);
    expect(JSON.stringify(slack.of("views.update"))).toContain("11 to 12 of 12");
    slack.calls.length = 0;
    engine.headers = engine.headers.slice(0, 10);
    await turn(10);
    expect(JSON.stringify(slack.of("views.update"))).toContain("10 approvals, those that expire first");
  });
});

describe("a review", () => {
  test("shows the details with the card's buttons, of its present version", async () => {
    const { receiver, engine, slack } = await bot();
    engine.approvals = [approvalCard({ version: 4, isEditable: true })];
    await receiver.deliver(
      press(actionIds.review, encodeApproval({ ...approval, version: 1 }), inModal(callbackIds.list)),
    );
    const shown = JSON.stringify(slack.of("views.push"));
    for (const label of ["Approve", "Edit", "Reject"]) expect(shown).toContain(label);
    expect(shown).toContain(String.raw`\"v\":4`);
  });

  test("approved there, it shows the decision and no buttons", async () => {
    const { receiver, engine, slack } = await bot();
    engine.approvals = [
      approvalCard({ status: "approved", endedAt: at, votes: [{ decision: "approve", by: dana, at, reason: null }] }),
    ];
    await receiver.deliver(press(actionIds.approve, value, inModal(callbackIds.review)));
    expect(engine.of("decide")).toMatchObject([{ ...approval, decision: "approve" }]);
    const shown = JSON.stringify(slack.of("views.update"));
    expect(shown).toContain("Approved");
    expect(shown).not.toContain("approval.approve");
  });

  test("refused there, it is said in a view on top", async () => {
    const { receiver, engine, slack } = await bot();
    engine.approvals = [approvalCard({})];
    engine.decision = { kind: "refused", reason: "requester", message: "You started this execution." };
    await receiver.deliver(press(actionIds.approve, value, inModal(callbackIds.review)));
    expect(JSON.stringify(slack.of("views.push"))).toContain("You started this execution.");
    expect(slack.of("chat.postEphemeral")).toEqual([]);
  });

  test("Reject and Edit open on top of it, and what is below is brought up to date after the submit", async () => {
    const { receiver, engine, slack } = await bot();
    engine.approvals = [approvalCard({ status: "rejected", endedAt: at })];
    slack.answers.set("views.push", opened);
    await receiver.deliver(press(actionIds.reject, value, inModal(callbackIds.review)));
    await receiver.deliver(press(actionIds.edit, value, inModal(callbackIds.review)));
    expect(slack.of("views.push")).toHaveLength(2);
    slack.calls.length = 0;
    const sent = submit({ callbackId: callbackIds.rejectReason, metadata: value, reason: "Known" });
    const view = z.looseObject({}).parse(sent["view"]);
    await receiver.deliver({ ...sent, view: { ...view, previous_view_id: "V1", root_view_id: "V1" } });
    expect(slack.of("views.update")).toMatchObject([{ view_id: "V1" }]);
    expect(slack.of("views.publish")).toHaveLength(1);
  });

  test("from a list: the list below it and the Home are brought up to date by a decision there and in a form above", async () => {
    const { receiver, engine, slack } = await bot();
    engine.approvals = [approvalCard({})];
    engine.headers = waits(12).map((one) => ({ ...one.header, waiting_for: [one.waiting] }));
    slack.answers.set("views.push", opened);
    await receiver.deliver(press(actionIds.review, value, inModal(callbackIds.list)));
    const [pushed] = z
      .array(z.object({ view: z.object({ private_metadata: z.string() }) }))
      .parse(slack.of("views.push"));
    expect(decodeReview(pushed?.view.private_metadata ?? "")?.list).toEqual(page);
    await receiver.deliver(press(actionIds.approve, value, overList));
    await receiver.deliver(press(actionIds.reject, value, overList));
    const forms = z.array(z.object({ view: z.object({ private_metadata: z.string() }) })).parse(slack.of("views.push"));
    const metadata = forms.at(-1)?.view.private_metadata ?? "";
    const sent = submit({ callbackId: callbackIds.rejectReason, metadata, reason: "Known" });
    const view = z.looseObject({}).parse(sent["view"]);
    await receiver.deliver({ ...sent, view: { ...view, id: "V3", previous_view_id: "V2", root_view_id: "V1" } });
    const updated = z.array(z.looseObject({ view_id: z.string() })).parse(slack.of("views.update"));
    expect(updated.map(({ view_id }) => view_id).toSorted()).toEqual(["V1", "V1", "V2", "V2"]);
    expect(JSON.stringify(updated)).toContain("11 to 12 of 12 approvals");
    expect(slack.of("views.publish")).toHaveLength(2);
  });

  test("closed meanwhile, the decision stands and nobody is told of an error", async () => {
    const { receiver, engine, slack } = await bot();
    engine.approvals = [approvalCard({})];
    slack.answers.set("views.update", "not_found");
    await receiver.deliver(press(actionIds.approve, value, overList));
    expect(engine.of("decide")).toHaveLength(1);
    expect(slack.of("views.push")).toEqual([]);
  });

  test("within Slack's limits whatever it holds", () => {
    const long = "word ".repeat(900);
    const outputs = Array.from({ length: 150 }, (_, index) => ({
      stepId: `s${index}`,
      agent: null,
      action: null,
      output: long,
    }));
    expect(checkBlocks(kept(reviewModal(approvalCard({ outputs, isEditable: true })).blocks), "modal")).toEqual([]);
  });
});

function kept(blocks: ReturnType<typeof reviewModal>["blocks"]): KnownBlock[] {
  return blocks.filter((block): block is KnownBlock => block.type !== "input");
}

describe("the App Home", () => {
  test("says what waits, what is at risk, what runs and what fires, each with its button", () => {
    const shown = JSON.stringify(homeView(facts()));
    for (const words of ["Waiting for you (2)", "Your customers at risk", "Your executions", "Next schedules"]) {
      expect(shown).toContain(words);
    }
    for (const label of ["Review", "Assess again", "Steps", "Run now"]) expect(shown).toContain(`"text":"${label}"`);
  });

  test("of somebody with nothing says so, and offers no button that does nothing", () => {
    const view = homeView(
      facts({ waiting: { items: [], total: 0 }, personal: { executions: [], customersAtRisk: [] }, flows: [] }),
    );
    const shown = JSON.stringify(view);
    expect(shown).toContain("Nothing waits for your decision.");
    expect(shown.match(/"type":"button"/g)).toHaveLength(1);
    expect(shown).toContain("Reload");
    expect(shown).not.toContain("at risk");
  });

  test("of somebody with thousands waiting stays within Slack's limits and pings nobody", () => {
    const nasty = `<!channel> ${"long ".repeat(800)}`;
    const view = homeView(facts({ waiting: { items: waits(5, nasty), total: 5_000 } }));
    expect(view.blocks.length).toBeLessThanOrEqual(100);
    expect(JSON.stringify(view)).toContain("Show all 5,000");
    expect(JSON.stringify(view)).not.toContain("<!channel>");
  });

  test("a customer under way is not assessed twice: its steps are shown", () => {
    const risky = { customer: customer({}), riskScore: 0.78, header: header({ status: "running" }) };
    const shown = JSON.stringify(homeView(facts({ personal: { executions: [], customersAtRisk: [risky] } })));
    expect(shown).not.toContain("Assess again");
    expect(shown).toContain("Steps");
  });

  test("Run now starts a batch once, says where its progress stands, and the Home is made anew", async () => {
    const { receiver, engine, slack } = await bot();
    await receiver.deliver(
      press(actionIds.homeRun, encodeStart({ flowId: "renewal_management", customerId: null }), inHome),
    );
    expect(engine.of("startBatch")).toMatchObject([{ flowId: "renewal_management", person: dana, channel: "#revops" }]);
    expect(JSON.stringify(slack.of("views.open"))).toContain("The progress stands in #revops");
    expect(slack.of("views.publish")).toMatchObject([{ user_id: "UDANA" }]);
  });

  test("Reload makes it anew", async () => {
    const { receiver, slack } = await bot();
    await receiver.deliver(press(actionIds.homeReload, "home", inHome));
    expect(slack.of("views.publish")).toMatchObject([{ user_id: "UDANA" }]);
  });

  test("Assess again starts one execution for that customer", async () => {
    const { receiver, engine } = await bot();
    await receiver.deliver(
      press(actionIds.homeRun, encodeStart({ flowId: "renewal_management", customerId: "cust-1" }), inHome),
    );
    expect(engine.of("start")).toMatchObject([
      { flowId: "renewal_management", input: { customer_id: "cust-1" }, person: dana },
    ]);
  });

  test("Steps shows them in a view", async () => {
    const { receiver, engine, slack } = await bot();
    engine.headers = [header({})];
    await receiver.deliver(press(actionIds.homeSteps, encodeExecution({ executionId: "exec-1" }), inHome));
    expect(engine.of("report")).toEqual([{ executionId: "exec-1" }]);
    expect(JSON.stringify(slack.of("views.open"))).toContain("Started by Robin Lead");
  });

  test("what fails there is told in a view, with a reference and no stack", async () => {
    const { receiver, engine, slack } = await bot();
    engine.fault = new Error("ENOSPC");
    await receiver.deliver(press(actionIds.homeSteps, encodeExecution({ executionId: "exec-1" }), inHome));
    const shown = JSON.stringify(slack.of("views.open"));
    expect(shown).toContain("Something went wrong (reference");
    expect(shown).not.toContain("ENOSPC");
  });
});
