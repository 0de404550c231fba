/** Which question means what, and whether the answer says what the facts say: synonyms, follow-ups, lists and their pages, and what isn't understood. */
import { describe, expect, it } from "vitest";
import { localAnswerer } from "../../../../src/agents/local/conversation/local-answerer.ts";
import { spanOf } from "../../../../src/agents/local/conversation/span.ts";
import { topicOf, type Topic } from "../../../../src/agents/local/conversation/topic.ts";
import { testAnswerers } from "../../answerer.contract.ts";
import { aboutAcme, acme, execution, factsWith, questionOf, told } from "../../conversation-sample.ts";

testAnswerers("local", localAnswerer);

const answer = (...asked: Parameters<typeof questionOf>) => told(localAnswerer, questionOf(...asked));
const named = (text: string) => told(localAnswerer, aboutAcme(text));

describe("what a question is about", () => {
  const one = { hasCustomer: true, isNamed: true, isSure: true };
  const thread = { ...one, isNamed: false };
  const nobody = { hasCustomer: false, isNamed: false, isSure: true };

  it.each<[string, typeof one, Topic]>([
    ["why is Acme at risk?", one, "risk"],
    ["Is Acme likely to churn", one, "risk"],
    ["how healthy is acme", one, "risk"],
    ["what should we do about Acme?", one, "risk"],
    ["what happened to Acme", one, "happened"],
    ["status of Acme", one, "happened"],
    ["what did we do for Acme?", one, "happened"],
    ["how is Acme doing", one, "happened"],
    ["why was Acme rejected?", one, "happened"],
    ["when does Acme renew", one, "dates"],
    ["Acme’s notice date", one, "dates"],
    ["who owns Acme?", one, "owner"],
    ["Acme?", one, "customer"],
    ["tell me about Acme", one, "customer"],
    ["please start renewal management for Acme", one, "act"],
    ["approve Acme", one, "act"],
    ["and what did we do?", thread, "happened"],
    ["why?", thread, "risk"],
    ["when does it renew?", thread, "dates"],
    ["and who is responsible?", thread, "owner"],
    ["what is due this week?", thread, "due"],
    ["who is at risk?", thread, "at_risk"],
    ["what waits for me?", thread, "waiting"],
    ["sing a song", thread, "unknown"],
    ["What’s due this week?", nobody, "due"],
    ["who renews this month", nobody, "due"],
    ["any renewals next month?", nobody, "due"],
    ["my renewals in December", nobody, "due"],
    ["which customers are at risk", nobody, "at_risk"],
    ["what is waiting for my approval?", nobody, "waiting"],
    ["why at risk?", nobody, "whose_risk"],
    ["tell me a joke", nobody, "unknown"],
    ["who renews this month", { ...one, isSure: false }, "due"],
  ])("%s", (text, about, topic) => {
    expect(topicOf(text, about)).toBe(topic);
  });
});

describe("which days a question means, on a Thursday", () => {
  it.each([
    ["what is due", "2026-11-23", "2026-11-29"],
    ["due today", "2026-11-26", "2026-11-26"],
    ["tomorrow", "2026-11-27", "2026-11-27"],
    ["next week", "2026-11-30", "2026-12-06"],
    ["renewals this month", "2026-11-01", "2026-11-30"],
    ["next month", "2026-12-01", "2026-12-31"],
    ["this quarter", "2026-10-01", "2026-12-31"],
    ["next quarter", "2027-01-01", "2027-03-31"],
    ["in the next 10 days", "2026-11-26", "2026-12-06"],
    ["next 2 weeks", "2026-11-26", "2026-12-10"],
    ["who renews in February?", "2027-02-01", "2027-02-28"],
    ["who renews in november", "2026-11-01", "2026-11-30"],
    ["what may be due", "2026-11-23", "2026-11-29"],
  ])("%s", (text, from, to) => {
    expect(spanOf(text, "2026-11-26")).toMatchObject({ from, to });
  });

  it("a month from the last day of January, and the turn of the year", () => {
    expect(spanOf("next month", "2027-01-31")).toMatchObject({ from: "2027-02-01", to: "2027-02-28" });
    expect(spanOf("next week", "2026-12-29")).toMatchObject({ from: "2027-01-04", to: "2027-01-10" });
  });
});

describe("about a customer", () => {
  it("its risk: score, reasons with their evidence's days, gaps, what would help, what was said before", async () => {
    const { text, sources, suggestions } = await named("why is Acme at risk?");
    expect(text.split("\n")).toEqual([
      "Acme Robotics is at risk: risk 0.79 (high), confidence high.",
      "• Seat use 43 % of 120, was 65 % in July (+0.71, evidence of 31 Oct)",
      "• 2 urgent tickets open, oldest 9 days (+0.43, evidence of 19 Nov)",
      "Not known: CSAT.",
      "Under 0.70 if: both urgent tickets are closed (0.69).",
      "renewal_management said 0.81 on 23 Nov 10:00.",
    ]);
    expect(sources).toEqual([
      { kind: "crm", at: factsWith().now },
      { kind: "execution", executionId: execution.execution_id, at: execution.started_at },
    ]);
    expect(suggestions.map(({ kind }) => kind)).toEqual(["status", "show"]);
  });

  it("a risk that can't be told is no risk of zero", async () => {
    const unread = { ...acme, risk: null };
    const { text } = await answer("why is it at risk?", { customers: [unread] });
    expect(text).toContain("can't be told now");
  });

  it("what happened: who decided and what was sent, with times", async () => {
    const { text } = await named("what did we do for Acme");
    expect(text).toContain(
      "renewal_management, started 23 Nov 10:00, waits for Dana Reyes until 26 Nov 10:00 (by Robin Lead)",
    );
    expect(text).toContain("• 23 Nov 11:00: Dana Reyes approved it (first_look)");
    expect(text).toContain("• 23 Nov 12:00: 2 mails were sent (send_notifications)");
  });

  it("nothing ran yet: it is offered, not done", async () => {
    const { text, suggestions } = await answer("what happened?", { customers: [{ ...acme, executions: [] }] });
    expect(text).toBe("No flow has run for Acme Robotics yet.");
    expect(suggestions).toEqual([
      { kind: "run", flowId: "renewal_management", customerId: acme.id, customerName: acme.name },
      { kind: "show", customerId: acme.id, customerName: acme.name },
    ]);
  });

  it("asked to act: nothing is done, and what may be pressed is there", async () => {
    const { text, suggestions } = await named("start renewal management for Acme");
    expect(text).toContain("I start, decide and send nothing");
    expect(suggestions.length).toBeGreaterThan(0);
  });

  it("a name by a slip of a finger: it is said whom it was taken for", async () => {
    const question = { customers: [acme], isNamed: true, takenFor: "acmee" };
    expect((await answer("why is acmee at risk", question)).text).toMatch(/^Taking “acmee” for Acme Robotics\.\n/);
  });

  it("two of one name are told apart by their ids, two of one beginning by their names", async () => {
    const twin = { ...acme, id: "cust-2", region: null };
    const same = { customers: [acme, twin], isNamed: true, similar: [acme.name, acme.name] };
    const { text, suggestions } = await answer("why is Acme Robotics at risk?", same);
    expect(text).toBe("Which one: Acme Robotics (cust-10021, AMER) or Acme Robotics (cust-2)?");
    expect(suggestions).toMatchObject([{ question: "why is Acme Robotics at risk? (cust-10021)" }, {}]);
    const other = { ...acme, id: "cust-3", name: "Acme Foods" };
    const begun = { customers: [acme, other], isNamed: true, similar: [acme.name, other.name] };
    expect((await answer("why is Acme at risk?", begun)).text).toBe("Which one: Acme Robotics or Acme Foods?");
  });
});

describe("lists", () => {
  it("what is due this week, of all and of the asker's own", async () => {
    expect((await answer("what is due this week?")).text.split("\n")).toEqual([
      "2 dates due this week:",
      "• 25 Nov, in 2 days: Globex last day to give notice, $10,000",
      "• 28 Nov, in 5 days: Northwind Clinics renews, $10,000",
    ]);
    expect((await answer("what is due for me this week?")).text).not.toContain("Globex");
    expect((await answer("who renews this week?")).text).not.toContain("notice");
    expect((await answer("who renews today?")).text).toBe("No renewal is due today.");
  });

  it("a year is as far as it looks, and it says so", async () => {
    expect((await answer("renewals within the next 500 days")).text).toContain("I look at 23 Aug to 24 Nov 2027 only.");
  });

  it("a long list has pages, and each row stands on one of them", async () => {
    const [first] = factsWith().due;
    if (first === undefined) throw new Error("the sample lacks it");
    const due = Array.from({ length: 30 }, (_, index) => ({ ...first, customer_name: `Customer ${index}` }));
    const shown: string[] = [];
    for (let from = 0, pages = 0; pages < 9; pages += 1) {
      const { text, suggestions } = await told(localAnswerer, {
        ...questionOf("what is due this week?", { due }),
        from,
      });
      shown.push(...(text.match(/Customer \d+/g) ?? []));
      const next = suggestions.find(({ kind, ...rest }) => kind === "ask" && "from" in rest && rest.from > 0);
      if (next?.kind !== "ask") break;
      expect(next.question).toBe("what is due this week?");
      ({ from } = next);
    }
    expect(shown).toEqual(due.map(({ customer_name }) => customer_name));
  });

  it("what waits for the asker, and nothing where nothing does", async () => {
    const { text, suggestions } = await answer("what waits for me?");
    expect(text).toContain(
      "1 approval waits for you:\n• Acme Robotics, renewal_management: since 23 Nov 10:00, expires 26 Nov 10:00",
    );
    expect(suggestions[0]).toEqual({ kind: "approvals" });
    expect((await answer("what waits for me?", { waiting: [] })).text).toBe("Nothing waits for your decision.");
  });
});

describe("what isn't understood", () => {
  it("is said, with what is, and the nearest command", async () => {
    const { text } = await answer("how many executions failed on average?");
    expect(text).toContain("I can't answer that. I can answer these:");
    expect(text).toContain("• Why is Globex at risk?");
    expect(text).toContain("/revops metrics has figures per flow.");
  });

  it("a risk without a customer asks for one", async () => {
    expect((await answer("why at risk?")).text).toContain("Whose risk?");
  });
});
