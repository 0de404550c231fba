/** Snooze and Dismiss: forms, what comes back, second presses, Home and status. Through the real Bolt App. */
import { describe, expect, test } from "vitest";
import { caseBlocks, caseLines } from "../../src/bot/views/case-row.ts";
import { homeView } from "../../src/bot/views/home.ts";
import { dismissModal, readSnooze, snoozeModal } from "../../src/bot/views/aside-modals.ts";
import { actionIds, callbackIds, decodeCase, encodeApproval, encodeCase } from "../../src/notify/slack/action-ids.ts";
import { buildApprovalCard } from "../../src/notify/slack/approval-card.ts";
import { buildDetails } from "../../src/notify/slack/details.ts";
import { checkBlocks, checkView } from "../../src/notify/slack/check-blocks.ts";
import { sampleApproval } from "../notify/slack/sample-cards.ts";
import { sampleCase, start } from "../state/sample-records.ts";
import { bot } from "./bot-harness.ts";
import { dana } from "./fake-engine.ts";
import { command, press, submit } from "./fake-slack.ts";

const dayMs = 86_400_000;
const approval = { executionId: "exec-1", stepId: "approve_recommendations", version: 3 };
const value = encodeApproval(approval);
const listed = encodeCase({ caseId: "renewal_risk:cust-12345", version: 1 });
const noon = Date.UTC(2026, 10, 24, 12);

const chosen = (option: string, block: string) => ({ [block]: { selected_option: { value: option } } });
const typed = (reason: string | null) => ({ reason: { reason: { value: reason } } });
function snoozed(
  span: string,
  { date = null, reason = "talks go on" }: { date?: string | null; reason?: string | null } = {},
) {
  return { until: chosen(span, "until"), date: { date: { selected_date: date } }, ...typed(reason) };
}

function untilFirst(timezone: string) {
  return readSnooze(snoozed("date", { date: "2026-12-01" }), { now: noon, timezone });
}

describe("the forms", () => {
  test("a press opens the form for whom the engine would hear, with opaque ids alone", async () => {
    const { receiver, engine, slack } = await bot("socket");
    engine.openCases = [sampleCase()];
    await receiver.deliver(press(actionIds.snooze, value));
    expect(engine.of("maySetAside")).toEqual([{ subject: { approval }, person: dana }]);
    const opened = slack.calls.find(({ method }) => method === "views.open");
    expect(JSON.stringify(opened)).toContain(callbackIds.snooze);
    expect(JSON.stringify(opened)).toContain("Acme Robotics");
    expect(JSON.stringify(opened)).not.toContain("0.78");
  });

  test("whom the engine refuses gets the sentence, and no form", async () => {
    const message = "Robin Lead snoozed this until Fri. Nothing changed.";
    for (const action of [actionIds.snooze, actionIds.dismiss]) {
      const { receiver, engine, slack, ephemeral } = await bot("socket");
      engine.decision = { kind: "refused", reason: "overtaken", message };
      await receiver.deliver(press(action, value));
      expect(ephemeral()).toContain(message);
      expect(slack.calls.filter(({ method }) => method.startsWith("views."))).toEqual([]);
    }
  });

  test("are within Slack's limits, whatever the customer is called", () => {
    const form = { metadata: value, about: `<!channel> ${"x".repeat(5_000)}` };
    for (const view of [snoozeModal({ ...form, today: "2026-11-24" }), dismissModal(form)]) {
      expect(checkView(view)).toEqual([]);
      expect(JSON.stringify(view)).not.toContain("<!channel>");
    }
  });
});

describe("what comes back", () => {
  test("a snooze reaches the engine with its end and reason", async () => {
    const { receiver, engine } = await bot("socket");
    const ack = await receiver.deliver(
      submit({ callbackId: callbackIds.snooze, metadata: value, values: snoozed("week") }),
    );
    expect(ack).toBeUndefined();
    expect(engine.of("setAside")).toMatchObject([
      { subject: { approval }, person: dana, aside: { kind: "snooze" }, reason: "talks go on" },
    ]);
  });

  test("a dismissal with its kind, its note may be left out", async () => {
    const { receiver, engine } = await bot("socket");
    const values = { why: chosen("wrong_data", "why"), ...typed(null) };
    await receiver.deliver(submit({ callbackId: callbackIds.dismiss, metadata: listed, values }));
    expect(engine.of("setAside")).toEqual([
      { subject: decodeCase(listed), person: dana, aside: { kind: "dismiss", why: "wrong_data" }, reason: null },
    ]);
  });

  test("what is missing or past is said at its field, and the engine isn't asked", async () => {
    const { receiver, engine } = await bot("socket");
    const bad = [
      snoozed("date"),
      snoozed("date", { date: "2020-01-01" }),
      snoozed("week", { reason: "  " }),
      snoozed("for ever"),
      {},
    ];
    for (const values of bad) {
      const ack = await receiver.deliver(submit({ callbackId: callbackIds.snooze, metadata: value, values }));
      expect(ack).toMatchObject({ response_action: "errors" });
    }
    const none = await receiver.deliver(submit({ callbackId: callbackIds.dismiss, metadata: value, values: {} }));
    expect(none).toMatchObject({ response_action: "errors", errors: { why: expect.any(String) } });
    expect(engine.of("setAside")).toEqual([]);
  });

  test("a form of another version, or a second submit: a truthful sentence", async () => {
    const { receiver, engine } = await bot("socket");
    const broken = submit({ callbackId: callbackIds.snooze, metadata: "nonsense", values: snoozed("day") });
    expect(JSON.stringify(await receiver.deliver(broken))).toContain("can't be read");
    engine.decision = { kind: "refused", reason: "overtaken", message: "Dana Reyes snoozed this." };
    const again = submit({ callbackId: callbackIds.snooze, metadata: value, values: snoozed("day") });
    expect(JSON.stringify(await receiver.deliver(again))).toContain("Dana Reyes snoozed this.");
  });

  test("until a date is that day's beginning where the reader lives", () => {
    expect(untilFirst("UTC")).toEqual({ ok: true, value: { until: Date.UTC(2026, 11, 1), reason: "talks go on" } });
    expect(untilFirst("America/New_York")).toMatchObject({ value: { until: Date.UTC(2026, 11, 1, 5) } });
    const inAWeek = readSnooze(snoozed("week"), { now: noon, timezone: "Asia/Tokyo" });
    expect(inAWeek).toMatchObject({ value: { until: Date.UTC(2026, 10, 30, 15) } });
  });
});

describe("where cases stand", () => {
  const at = { now: start + 3 * dayMs, timezone: "UTC" };

  test("a row says how the risk has gone, and who set it aside until when", () => {
    expect(caseLines(sampleCase({ score: 0.8, assessed_at: at.now }), at).join("\n")).toMatch(
      /Acme Robotics.*\$84,000\nrenewal risk \*0\.80\*, was 0\.78 · open, day 4$/,
    );
    const snooze = { until: at.now + dayMs, at: at.now, by: dana, reason: "<!here> talks" };
    const words = caseLines(sampleCase({ status: "snoozed", snooze }), at).join("\n");
    expect(words).toMatch(/snoozed until .* by Dana Reyes: &lt;!here&gt; talks · last assessed 6 Dec/);
  });

  test("Home has one's own cases with their buttons, within Slack's limits", async () => {
    const records = Array.from({ length: 5 }, (_, index) =>
      sampleCase({ customer: { ...sampleCase().customer, id: `c-${index}`, name: "N".repeat(3_000) } }),
    );
    const nothing = { waiting: { items: [], total: 0 }, personal: { executions: [], customersAtRisk: [] }, flows: [] };
    const channels = { default: "#revops", alerts: "#renewals", flows: {} };
    const home = homeView({ ...nothing, cases: { items: records, total: 4_000 }, channels, ...at });
    expect(checkView(home)).toEqual([]);
    expect(JSON.stringify(home)).toContain("and 3,995 more");
    const buttons = records.flatMap((record) => caseBlocks(record, at)).filter(({ type }) => type === "actions");
    expect(new Set(buttons.map(({ block_id }) => block_id)).size).toBe(5);
  });

  test("status of a customer shows the case, also where no execution is left", async () => {
    const { receiver, engine, slack } = await bot("socket");
    engine.openCases = [sampleCase()];
    await receiver.deliver(command("status Acme Robotics"));
    expect(JSON.stringify([slack.calls, slack.responses])).toContain("renewal risk *0.78*");
    expect(engine.of("cases")).toMatchObject([{ customerId: expect.any(String) }]);
  });

  test("customer says at its head whom it is about, and not again with the case", async () => {
    const { receiver, engine, slack } = await bot("socket");
    engine.openCases = [sampleCase()];
    await receiver.deliver(command("customer Acme Robotics"));
    const told = JSON.stringify(slack.responses.map(({ blocks }) => blocks));
    expect(told).toContain("renewal risk *0.78*");
    expect(told.split("*Acme Robotics*")).toHaveLength(2);
  });
});

describe("the customer word", () => {
  test("has what is open about them, with the buttons to set it aside", async () => {
    const { receiver, engine, slack } = await bot("socket");
    engine.openCases = [sampleCase()];
    await receiver.deliver(command("customer cust-2"));
    const told = JSON.stringify([slack.calls, slack.responses]);
    expect(told).toContain("renewal risk *0.78*");
    expect(told).toContain(actionIds.dismiss);
  });
});

describe("the card", () => {
  const output = {
    case_id: "renewal_risk:cust-12345",
    status: "open",
    transition: "unchanged",
    alert: true,
    alert_reason: "snooze_over",
    score: 0.8,
    previous_score: 0.8,
    opened_score: 0.75,
    since: "2026-11-20T09:00:00.000Z",
    day: 5,
    snoozed_until: null,
    asked_in: "exec-0",
    note: null,
  };
  const tracked = { stepId: "track_case", agent: "decision_agent" as const, action: "track_case", output };
  const card = sampleApproval({ outputs: [tracked] });

  test("says why it asks again, and offers to set the case aside; a card about no case doesn't", () => {
    const text = JSON.stringify(buildApprovalCard(card).blocks);
    expect(text).toContain("The snooze is over, and it is still at risk · open since 20 Nov, 0.75 then");
    expect(text).toContain(actionIds.snooze);
    expect(checkBlocks(buildApprovalCard(card).blocks)).toEqual([]);
    expect(JSON.stringify(buildApprovalCard(sampleApproval({})).blocks)).not.toContain(actionIds.snooze);
  });

  test("Details say how the case stands in words, with no output as it is", () => {
    const text = JSON.stringify(buildDetails(card));
    expect(text).toContain("*Case* open, day 5 · since 20 Nov · risk 0.75 when it was opened");
    expect(text).not.toContain("case_id");
    const foreign = sampleApproval({ outputs: [{ ...tracked, output: { verdict: "none of ours" } }] });
    expect(JSON.stringify(buildDetails(foreign))).toContain("none of ours");
  });

  test("a dismissal without a word of its own isn't told twice", () => {
    const aside = { kind: "dismiss" as const, why: "wrong_data" as const };
    const told = (reason: string) => {
      const votes = [{ decision: "reject" as const, by: dana, at: noon, reason, aside }];
      return JSON.stringify(buildApprovalCard({ ...card, status: "rejected", endedAt: noon, votes }).blocks);
    };
    expect(told("wrong data")).toContain("*Dismissed* as wrong data by Dana Reyes");
    expect(told("wrong data")).not.toContain("Reason");
    expect(told("the seats are another contract's")).toContain("Reason: the seats are another contract's");
  });

  test("after the answer it says who set it aside, and what has been found since", () => {
    const aside = { kind: "snooze" as const, until: Date.UTC(2026, 11, 4, 9) };
    const vote = { decision: "reject" as const, by: dana, at: noon, reason: "talks go on", aside };
    const note = {
      case_id: output.case_id,
      from: "exec-9",
      found_at: noon,
      transition: "unchanged" as const,
      alert: false,
      score: 0.81,
      opened_score: 0.75,
      day: 4,
      note: null,
    };
    const told = (changes: object) =>
      JSON.stringify(
        buildApprovalCard({ ...card, status: "rejected", endedAt: noon, votes: [vote], ...changes }).blocks,
      );
    expect(told({})).toMatch(/\*Snoozed\* until .* by Dana Reyes/);
    expect(told({})).toContain("Reason: talks go on");
    expect(told({ caseNote: note })).toContain("*Still open*, day 4 · risk *0.81*, was 0.75");
    expect(told({ caseNote: { ...note, transition: "worsened", alert: true } })).toContain("a newer card asks");
    expect(told({ caseNote: note, status: "pending", votes: [] })).toContain("*Still open*, day 4");
    const closed = { ...note, transition: "recovered", note: "Under 0.60 <!here>" };
    expect(told({ caseNote: closed })).toContain("*Recovered* on day 4 · Under 0.60 &lt;!here&gt;");
  });
});
