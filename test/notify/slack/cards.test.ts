/** DESIGN §9, T2: does every card, whatever is put into it, stay within Slack's limits, ping nobody and say the truth? */
import type { KnownBlock } from "@slack/types";
import { assert as assertProperty, constantFrom, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import type { ApprovalCard } from "../../../src/flow/card.ts";
import { actionIds, decodeApproval, decodeEffect, decodeExecution } from "../../../src/notify/slack/action-ids.ts";
import { buildCard } from "../../../src/notify/slack/card.ts";
import { buildDetails } from "../../../src/notify/slack/details.ts";
import { checkBlocks } from "../../../src/notify/slack/check-blocks.ts";
import { limits } from "../../../src/notify/slack/limits.ts";
import { everyCard } from "./hostile-cards.ts";
import {
  dana,
  lee,
  now,
  sampleApproval,
  sampleBatch,
  sampleCustomer,
  sampleDoubt,
  sampleFailure,
  sampleRisk,
} from "./sample-cards.ts";

function shownText(blocks: readonly KnownBlock[]): string {
  return blocks
    .flatMap((block) => {
      if (block.type === "section") return [block.text?.text ?? ""];
      if (block.type === "context") return block.elements.flatMap((each) => ("text" in each ? [each.text] : []));
      return [];
    })
    .join("\n");
}

function buttons(
  blocks: readonly KnownBlock[],
): { id: string; label: string; value: string; style: string | undefined }[] {
  return blocks.flatMap((block) =>
    block.type === "actions"
      ? block.elements.flatMap((each) =>
          each.type === "button"
            ? [{ id: each.action_id ?? "", label: each.text.text, value: each.value ?? "", style: each.style }]
            : [],
        )
      : [],
  );
}

function approvalText(fields: Partial<ApprovalCard> = {}): string {
  return shownText(buildCard(sampleApproval(fields)).blocks);
}

const approvedVote = { decision: "approve", by: dana, at: now, reason: null } as const;
const rejectedVote = { decision: "reject", by: dana, at: now, reason: "Known, we talk already" } as const;

function stopped(how: "aborted" | "timed_out", by: typeof dana | null) {
  return { execution: { status: how, outcome: null, stopped: { how, by, at: now } } };
}

/** What a step that repeats would send: a mail to each. */
function planOf(people: number): ApprovalCard["plans"][number] {
  const mail = { kind: "email", subject: "Seats", html: "", text: "Hi" } as const;
  const effects = Array.from({ length: people }, (_, index) => ({
    target: null,
    effect: { ...mail, to: `owner-${index + 1}@example.com` },
  }));
  return { stepId: "tell_each_owner", items: people, effects };
}

function takenBackSteps(count: number): ApprovalCard["takenBack"] {
  return Array.from({ length: count }, (_, index) => ({ stepId: `book_${index + 1}`, action: "cancel_event" }));
}

describe("the approval card", () => {
  it("says in one sentence what the risk comes to, whoever wrote it", () => {
    const risk = {
      ...sampleRisk(),
      summary: "High risk, mostly by seat use; <!channel> 8 days to the day for notice.",
    };
    const outputs = [{ stepId: "assess", agent: "decision_agent" as const, action: "assess_churn_risk", output: risk }];
    const sentence = approvalText({ outputs })
      .split("\n")
      .find((line) => line.startsWith("High risk"));
    expect(sentence).toBe("High risk, mostly by seat use; &lt;!channel&gt; 8 days to the day for notice.");
  });

  it("says in its first line who, when and how much", () => {
    expect(approvalText().split("\n")[0]).toBe("*Acme Robotics* · renews in 21 days, notice by 1 Dec · $84,000");
  });

  it("shows the three strongest reasons with their evidence, strongest first, and no weaker one", () => {
    const text = approvalText();
    expect(text).toContain("Risk *0.78* · confidence high");
    expect(text).toContain("`+0.22`  Seat use 41 % of 120, was 68 % in August · 49 active users (31 Oct)");
    expect(text.indexOf("`+0.14`")).toBeGreaterThan(text.indexOf("`+0.22`"));
    expect(text).toContain("`+0.11`  Champion left on 3 Nov · Kim Vale\n");
    expect(text).not.toContain("NPS 20");
  });

  it("says what would bring the risk under the threshold, what isn't known, and what is proposed", () => {
    const text = approvalText();
    expect(text).toContain("Under 0.70 if: both tickets are closed, or seats are cut to 60");
    expect(text).toContain("Not known: invoices");
    expect(text).toContain("1. Executive check-in this week\n2. Right-size to 70 seats\n3. Success plan");
  });

  it("leaves the longer ways out of a high risk to Details", () => {
    const { outputs } = sampleApproval();
    const long = "all 3 urgent tickets are closed and seats are cut to 215";
    const waysOut = [long, "seats are cut to 60 and use reaches 70 %"].map((text) => ({ text, risk_score: 0.6 }));
    const changed = outputs.map((step) =>
      step.action === "assess_renewal_risk" ? { ...step, output: { ...sampleRisk(), what_would_help: waysOut } } : step,
    );
    expect(approvalText({ outputs: changed })).toContain(`Under 0.70 if: ${long}\n`);
    const details = shownText(buildDetails(sampleApproval({ outputs: changed })));
    expect(details).toContain(`Under 0.70 if: ${long}, or seats are cut to 60 and use reaches 70 %\n`);
  });

  it("has one primary button, and buttons that carry ids and a version alone (A1)", () => {
    const found = buttons(buildCard(sampleApproval({ version: 3 })).blocks);
    expect(found.map(({ id }) => id)).toEqual([actionIds.approve, actionIds.reject, actionIds.details]);
    expect(found.filter(({ style }) => style === "primary").map(({ label }) => label)).toEqual(["Approve"]);
    for (const { value } of found) {
      expect(decodeApproval(value)).toEqual({
        executionId: "01JCFSAMPLEEXECUTION",
        stepId: "approve_recommendations",
        version: 3,
      });
    }
  });

  it("says who is waited for and until when, in the reader's zone where Slack draws it", () => {
    expect(approvalText()).toContain("Waiting for Dana Reyes or a RevOps lead · expires <!date^1794837600^");
    expect(approvalText()).toContain("|Mon 09:00>");
    expect(approvalText({ expiresAt: null })).not.toContain("expires");
  });

  it("has a fallback that says the same without blocks", () => {
    expect(buildCard(sampleApproval()).text).toBe(
      "Approval needed: Acme Robotics · renews in 21 days, notice by 1 Dec · $84,000 · risk 0.78 · waiting for Dana Reyes or a RevOps lead",
    );
  });

  it("counts the votes where more than one is needed", () => {
    expect(approvalText({ quorum: 2, votes: [approvedVote] })).toContain("1 of 2 approvals: Dana Reyes");
  });

  it.each([
    [{ renewal_date: "2026-11-13" }, "renews today"],
    [{ renewal_date: "2026-11-14" }, "renews tomorrow"],
    [{ renewal_date: "2026-11-10" }, "renewal was 3 days ago"],
    [{ notice_date: "2026-11-01" }, "notice was due 1 Nov"],
    [{ renewal_date: "2027-02-01", notice_date: "2027-01-02" }, "notice by 2 Jan 2027"],
    [{ currency: "EUR" }, "€84,000"],
    [{ currency: null }, "· 84,000"],
    [{ currency: "not one" }, "· 84,000"],
  ])("reads %j as %s", (fields, words) => {
    expect(approvalText({ customer: sampleCustomer(fields) })).toContain(words);
  });

  it("leaves out what isn't there", () => {
    const customer = sampleCustomer({ renewal_date: null, notice_date: null, arr: null });
    const [first] = approvalText({ customer, outputs: [] }).split("\n");
    expect(first).toBe("*Acme Robotics*");
  });
});

function effect(status: ApprovalCard["effects"][number]["status"], summary: string) {
  return { stepId: "send_notifications", status, summary, receipt: null };
}

describe("after the decision", () => {
  const decided = { endedAt: now, execution: { status: "running", outcome: null, stopped: null } } as const;

  it.each(["approved", "rejected", "expired", "withdrawn"] as const)("%s: no button is left", (status) => {
    expect(buttons(buildCard(sampleApproval({ ...decided, status })).blocks)).toEqual([]);
  });

  it("approved says who, when, what was done, what is under way, failed or in doubt", () => {
    const receipt = { id: "x", summary: "event on Wed 25 Nov 10:00", url: "https://calendar.example.com/e?a=1&b=2" };
    const text = approvalText({
      ...decided,
      status: "approved",
      votes: [approvedVote],
      effects: [
        { ...effect("performed", "event"), receipt },
        effect("begun", "a mail"),
        effect("planned", "a message"),
        effect("failed", "another mail"),
        effect("doubtful", "a third mail"),
      ],
    });
    expect(text).toContain("*Approved* by Dana Reyes · <!date^1794578400^{date_pretty} at {time}|Fri 13 Nov 09:00>");
    expect(text).toContain("Done: <https://calendar.example.com/e?a=1&amp;b=2|event on Wed 25 Nov 10:00>");
    expect(text).toContain(
      "Under way: a mail\nTo come: a message\nFailed: another mail\nIn doubt, a person is asked: a third mail",
    );
  });

  it("approved in the night says until when what it sends is held back, and why; after the end, that it wasn't sent", () => {
    const cause = "dana.reyes@example.com has quiet hours <!channel> (America/New_York).";
    const hold = { reason: "quiet_hours", cause, until: now + 3_600_000 } as const;
    const effects = [{ ...effect("held", "a mail"), hold }];
    const text = approvalText({ ...decided, status: "approved", votes: [approvedVote], effects });
    expect(text).toContain(
      "Held back until <!date^1794582000^{date_pretty} at {time}|Fri 13 Nov 10:00>: a mail · dana.reyes@",
    );
    expect(text).toContain("&lt;!channel&gt;");
    const execution = { status: "succeeded", outcome: "completed", stopped: null } as const;
    const limit = { reason: "person_limit", cause: "Dana has been reached 5 times.", until: null } as const;
    const ended = { ...decided, execution, effects: [{ ...effect("held", "a mail"), hold: limit }] };
    expect(approvalText({ ...ended, status: "approved", votes: [approvedVote] })).toContain(
      "Held back: a mail · Dana has been reached 5 times.",
    );
  });

  it("approved, then failed, says that what was planned isn't done", () => {
    const effects = [{ stepId: "s", status: "planned", summary: "a mail", receipt: null }] as const;
    const execution = { status: "failed", outcome: null, stopped: null } as const;
    const text = approvalText({
      ...decided,
      status: "approved",
      votes: [approvedVote],
      effects: [...effects],
      execution,
    });
    expect(text).toContain("Not done: a mail\nThe execution failed: its own card says why");
  });

  it("rejected gives the reason, and says that nothing was sent only where that is true", () => {
    const rejected = { ...decided, status: "rejected", votes: [rejectedVote] } as const;
    expect(approvalText({ ...rejected, votes: [...rejected.votes] })).toMatch(
      /\*Rejected\* by Dana Reyes .* nothing was sent/,
    );
    expect(approvalText({ ...rejected, votes: [...rejected.votes] })).toContain("Reason: Known, we talk already");
    const sent = [{ stepId: "s", status: "performed", summary: "a mail", receipt: null }] as const;
    const text = approvalText({ ...rejected, votes: [...rejected.votes], effects: [...sent] });
    expect(text).not.toContain("nothing was sent");
    expect(text).toContain("Done: a mail");
  });

  it("expired, withdrawn and approved by its time running out say so", () => {
    expect(approvalText({ ...decided, status: "expired" })).toMatch(
      /\*Expired\* .* nobody decided in time · nothing was sent/,
    );
    const withdrawn = { ...decided, status: "withdrawn" } as const;
    expect(approvalText({ ...withdrawn, ...stopped("aborted", dana) })).toMatch(
      /\*Withdrawn\*: ended by Dana Reyes · <!date.*> · nothing was sent/,
    );
    expect(approvalText({ ...withdrawn, ...stopped("aborted", null) })).toContain("*Withdrawn*: ended by a program");
    expect(approvalText({ ...withdrawn, ...stopped("timed_out", null) })).toContain(
      "*Withdrawn*: the execution ran out of time",
    );
    const beingEnded = { ...stopped("aborted", dana).execution, status: "running" as const };
    expect(approvalText({ ...withdrawn, execution: beingEnded })).toContain("ended by Dana Reyes");
    expect(approvalText({ ...decided, status: "approved" })).toContain("*Approved* without a vote");
  });
});

describe("a flow that the card doesn't know", () => {
  it("shows the planned effects in place of risk and proposals", () => {
    const text = approvalText({ customer: null, outputs: [] });
    expect(text).toContain("*renewal_management* · Renewals at risk");
    expect(text).toContain("If approved:\n• mail to dana.reyes@example.com — Acme Robotics: renewal on 4 Dec");
    expect(text).toContain(
      "event on Mon 16 Nov 10:00 (America/New_York), 30 min, with dana.reyes@example.com and lee@example.com",
    );
  });

  it("shows its later steps where nothing can be planned, and says when nothing follows", () => {
    expect(approvalText({ outputs: [], plans: [] })).toContain("these steps follow: update_crm");
    expect(approvalText({ outputs: [], plans: [], later: [] })).toContain("Nothing is sent after it.");
  });

  it("shows what a step sends for each item of a list in one line with a count, and all of it under Details", () => {
    const shown = (people: number) => approvalText({ outputs: [], plans: [planOf(people)] });
    expect(shown(50)).toContain(
      "If approved:\n• tell_each_owner for 50 items: mail to owner-1@example.com — Seats, and 49 more, under Details",
    );
    expect(shown(50)).not.toContain("owner-2@");
    expect(shown(1)).toContain("• tell_each_owner for 1 item: mail to owner-1@example.com — Seats\n");
    expect(shown(0)).toContain("• tell_each_owner for 0 items: nothing is sent");
    const details = shownText(buildDetails(sampleApproval({ plans: [planOf(50)] })));
    expect(details).toContain("*If approved: tell_each_owner for 50 items*");
    expect(details).toContain("mail to owner-50@example.com — Seats");
  });

  it("says what would be taken back and by what, while it can still be decided, and counts what has no room", () => {
    expect(approvalText({ takenBack: [] })).not.toContain("taken back");
    expect(approvalText({ takenBack: takenBackSteps(1) })).toContain("If taken back: book_1 by cancel_event");
    expect(approvalText({ takenBack: takenBackSteps(50) })).toMatch(
      /If taken back: book_1 by .*book_6 by cancel_event and 44 more/,
    );
    const decided = { status: "approved", endedAt: now, votes: [approvedVote] } as const;
    expect(approvalText({ ...decided, votes: [...decided.votes], takenBack: takenBackSteps(2) })).not.toContain(
      "taken back",
    );
    expect(shownText(buildDetails(sampleApproval({ takenBack: takenBackSteps(2) })))).toContain(
      "*If taken back*\nbook_1 by cancel_event and book_2 by cancel_event",
    );
  });

  it.each([null, 7, "text", [], {}, { risk_score: "high" }, { error: "Agent.Timeout", cause: "x" }])(
    "takes %j for an output and shows no risk",
    (output) => {
      const outputs = [
        { stepId: "assess_risk", agent: "decision_agent", action: "assess_renewal_risk", output } as const,
      ];
      expect(approvalText({ outputs: [...outputs] })).not.toContain("Risk");
    },
  );

  it("reads an output with fields missing or wrong", () => {
    const output = { risk_score: 0.8, reasons: [{ text: "Seats unused" }, 3, { points: 1 }], missing: "x" };
    const outputs = [
      { stepId: "assess_risk", agent: "decision_agent", action: "assess_renewal_risk", output } as const,
    ];
    const text = approvalText({ outputs: [...outputs] });
    expect(text).toContain("Risk *0.80*\n• Seats unused");
  });
});

describe("the other cards", () => {
  it("in doubt: says what, why and where to look, and asks with two buttons", () => {
    const { blocks, text } = buildCard(sampleDoubt());
    expect(text).toContain("In doubt: mail to dana.reyes@example.com");
    expect(shownText(blocks)).toContain("Cause: The connection was lost while the mail was being sent.");
    expect(buttons(blocks).map(({ id }) => id)).toEqual([actionIds.arrived, actionIds.sendAgain]);
    expect(decodeEffect(buttons(blocks)[0]?.value ?? "")).toEqual({
      effectKey: "01JCFSAMPLEEXECUTION/send_notifications/email",
    });
    const settled = buildCard(sampleDoubt({ resolved: { answer: "arrived", by: lee, at: now } }));
    expect(buttons(settled.blocks)).toEqual([]);
    expect(shownText(settled.blocks)).toContain("Lee Ames said: it arrived");
  });

  it("failed: says where and why, and offers Redrive until somebody pressed it", () => {
    const { blocks } = buildCard(sampleFailure());
    expect(shownText(blocks)).toContain(
      "Step send_notifications: Effect.Refused · The mail server refused the recipient.",
    );
    expect(decodeExecution(buttons(blocks)[0]?.value ?? "")).toEqual({ executionId: "01JCFSAMPLEEXECUTION" });
    const redriven = buildCard(sampleFailure({ redriven: { by: dana, at: now } }));
    expect(buttons(redriven.blocks)).toEqual([]);
    expect(redriven.text).toContain("Redriven by Dana Reyes");
  });

  it("timed out: says that it ran out of time, names no step as the culprit, and offers Redrive", () => {
    const failure = { error: "Step.Timeout", cause: "The flow's own timeout of 7 days has passed." } as const;
    const { blocks, text } = buildCard(sampleFailure({ stepId: null, ranOutOfTime: true, failure }));
    expect(text).toContain("Ran out of time: Acme Robotics");
    expect(shownText(blocks)).toContain(
      "The flow's own timeout of 7 days has passed. What was under way has been cut off.",
    );
    expect(shownText(blocks)).not.toMatch(/Failed|Step\.Timeout/);
    expect(buttons(blocks).map(({ id }) => id)).toEqual([actionIds.redrive]);
  });

  it("failed and taken back: says what is undone, and what a person has to look after", () => {
    const refused = { error: "Effect.Refused", cause: "The event is gone." } as const;
    const takenBack = [
      { stepId: "send_offer", hasEnded: true, failure: null },
      { stepId: "book_call", hasEnded: true, failure: refused },
    ];
    const text = shownText(buildCard(sampleFailure({ takenBack })).blocks);
    expect(text).toContain("Taken back: send_offer\n*Not taken back*: book_call · The event is gone.");
    expect(shownText(buildCard(sampleFailure()).blocks)).not.toMatch(/taken back/i);
  });

  it("batch: says how many match, how far they are and for whom they wait", () => {
    const text = shownText(buildCard(sampleBatch()).blocks);
    expect(text).toContain("*renewal_management* 2.0 · 12 of 40 customers match, 2 of them already under way");
    expect(text).toContain("5 wait for approval · 3 running · 1 completed · 1 rejected");
    expect(text).toContain("Waiting for Dana Reyes (3) and Sam Ito (2)");
    expect(text).toContain("Started by Lee Ames");
    expect(shownText(buildCard(sampleBatch({ requestedBy: null, scheduledAt: now })).blocks)).toContain(
      "by the schedule of",
    );
    const counts = { ...sampleBatch().counts, queued: 4 };
    expect(shownText(buildCard(sampleBatch({ counts })).blocks)).toContain("4 queued · 3 running");
    const empty = { matched: 0, alreadyRunning: 0, started: 0, counts: zero(), waitingFor: [], ended: true };
    expect(shownText(buildCard(sampleBatch(empty)).blocks)).toContain("Nothing to do");
    const known = shownText(buildCard(sampleBatch({ ...empty, matched: 12, alreadyRunning: 12 })).blocks);
    expect(known).toContain("12 of 40 customers match, all of them already under way and left alone\nNothing new");
  });
});

describe("Details", () => {
  it("holds all evidence, what each step would send to whom, and what comes then", () => {
    const text = shownText(buildDetails(sampleApproval()));
    expect(text).toContain("`−0.05`  NPS 20");
    expect(text).toContain("mail to dana.reyes@example.com — Acme Robotics: renewal on 4 Dec\n> Hi\n> there");
    expect(text).toContain(
      "event on Mon 16 Nov 10:00 (America/New_York), 30 min, with dana.reyes@example.com and lee@example.com",
    );
    expect(text).toContain("the first free working time from 16 Nov, looked for over 10 days");
    expect(text).toContain("*Then*\nupdate_crm");
    expect(text).toContain("*Proposed*, together worth about $13,000 of $84,000 a year\n1. Executive check-in");
    expect(text).toContain("2. Right-size to 70 seats");
  });

  it("says a risk's data in words, as its evidence, not as they were fetched", () => {
    const data = {
      stepId: "retrieve_customer_data",
      agent: "data_agent",
      action: "retrieve_customer_data",
      output: { seats: 120 },
    } as const;
    const { outputs } = sampleApproval();
    expect(shownText(buildDetails(sampleApproval({ outputs: [...outputs, data] })))).not.toContain("retrieve_customer");
    expect(shownText(buildDetails(sampleApproval({ outputs: [data] })))).toContain('{"seats":120}');
  });

  it("shows outputs that it has no words for", () => {
    const outputs = [
      { stepId: "score_lead", agent: "decision_agent", action: "score_lead", output: { score: 7 } } as const,
    ];
    expect(shownText(buildDetails(sampleApproval({ outputs: [...outputs] })))).toContain('*score_lead*\n{"score":7}');
  });

  it("fits a modal however much is planned", () => {
    const [plan] = sampleApproval().plans;
    const plans = Array.from({ length: 60 }, (_, index) => ({
      stepId: `step_${index}`,
      items: null,
      effects: plan?.effects ?? [],
    }));
    const blocks = buildDetails(sampleApproval({ plans }));
    expect(checkBlocks(blocks, "modal")).toEqual([]);
    expect(shownText(blocks)).toMatch(/… and \d+ more parts/);
  });
});

describe("hostile text", () => {
  const hostile = [
    "<!channel> wins",
    "<@U123|boss> & <https://evil.example|click>",
    "*bold* _it_ ~no~ `code` ```pre```",
    "x".repeat(4000),
    "&".repeat(4000),
    "😀👩‍👩‍👧‍👦".repeat(600),
    "עברית \u202Eevil\u202C שלום",
    "a\nb\r\n> c\u0000d\t",
    "",
    "   ",
  ];

  it.each(hostile)("%# in every field: within the limits, no mention, no link, no line of its own", (text) => {
    for (const card of everyCard(text)) {
      const { blocks, text: fallback } = buildCard(card);
      expect(checkBlocks(blocks)).toEqual([]);
      expect(fallback.length).toBeLessThanOrEqual(limits.messageText);
      expect(fallback.trim()).not.toBe("");
      expectHarmless(`${shownText(blocks)}\n${fallback}`);
      if (card.kind !== "approval") continue;
      const details = buildDetails(card);
      expect(checkBlocks(details, "modal")).toEqual([]);
      expectHarmless(shownText(details));
    }
  });

  it("of any kind keeps every limit", () => {
    const units = constantFrom("<", ">", "&", "|", "*", "`", "😀", "é", "\u0301", "\u200D", "a", " ", "\n", "!");
    const held = property(string({ unit: units, maxLength: 3000 }), (text) =>
      everyCard(text).every((card) => checkBlocks(buildCard(card).blocks).length === 0),
    );
    expect(() => assertProperty(held, { numRuns: 60 })).not.toThrow();
  });

  it("keeps its bold name bold and its own stars harmless", () => {
    expect(approvalText({ customer: sampleCustomer({ name: "*bold*" }) })).toContain("*∗bold∗* · renews");
  });
});

/** Only our own tokens may stand in `<…>`: dates. */
function expectHarmless(text: string): void {
  for (const [token] of text.matchAll(/<[^>]*>/g)) expect(token).toMatch(/^<!date\^\d+\^[^<>]*>$/);
  expect(text.replaceAll(/<!date[^>]*>/g, "")).not.toMatch(/[<\u202A-\u202E]|[^\P{Cc}\n]/u);
}

function zero() {
  const counts = sampleBatch().counts;
  return { ...counts, running: 0, waiting_for_approval: 0, completed: 0, rejected: 0 };
}
