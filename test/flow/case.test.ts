/** Cases under hostile histories: who is asked, when, and what is never missed. */
import { describe, expect, test } from "vitest";
import { type Case, evolve, type Finding, parseCaseId, caseId } from "../../src/flow/case.ts";
import { type CaseCommand, decideCase, type Observation } from "../../src/flow/decide-case.ts";
import { addDays } from "../../src/flow/zone.ts";

const dayMs = 86_400_000;
const first = Date.UTC(2026, 10, 2, 9);
const dana = { user_id: "U1", email: "dana@example.com", name: "Dana Reyes" };

type Seen = Partial<Omit<Observation, "customer">> & { renewal?: string | null };

/** One customer's case, met once a day. */
class History {
  record: Case | null = null;
  findings: (Finding | null)[] = [];
  at = first;
  #keys = 0;

  observe(score: number | null, { renewal = "2026-12-14", ...seen }: Seen = {}): Finding | null {
    this.#keys += 1;
    const { event } = decideCase(this.record, {
      type: "observe",
      key: `e-${this.#keys}/track`,
      executionId: `e-${this.#keys}`,
      at: this.at,
      today: new Date(this.at).toISOString().slice(0, 10),
      reason: "renewal_risk",
      customer: { id: "acme", name: "Acme", owner: "dana@example.com", arr: 1, currency: "USD", renewal_date: renewal },
      hasChurned: false,
      score,
      isCertain: true,
      enter: 0.7,
      exit: 0.6,
      days: 3,
      step: 0.1,
      asked: false,
      isUnanswered: false,
      ...seen,
    });
    if (event !== null) this.record = evolve(this.record, event);
    const finding = event?.type === "found" ? event.finding : null;
    this.findings.push(finding);
    return finding;
  }

  /** Each on the next day. */
  days(scores: (number | null)[], seen: Seen = {}): this {
    for (const score of scores) {
      this.observe(score, seen);
      this.at += dayMs;
    }
    return this;
  }

  say(command: CaseCommand) {
    const said = decideCase(this.record, command);
    if (said.event !== null) this.record = evolve(this.record, said.event);
    return said;
  }

  snooze(days: number) {
    return this.say({
      type: "snooze",
      at: this.at,
      by: dana,
      until: this.at + days * dayMs,
      reason: "talks",
      version: null,
    });
  }

  dismiss() {
    return this.say({ type: "dismiss", at: this.at, by: dana, why: "known", note: null, version: null });
  }

  get transitions(): string[] {
    return this.findings.map((finding) => finding?.transition ?? "none");
  }

  get alerts(): (string | null)[] {
    return this.findings.map((finding) => finding?.alert ?? null);
  }
}

describe("what asks a person", () => {
  test("the same risk for a month asks once", () => {
    const { alerts, record } = new History().days(Array.from({ length: 30 }, () => 0.75));
    expect(alerts.filter(Boolean)).toEqual(["opened"]);
    expect(record).toMatchObject({ status: "open", version: 1, revision: 30 });
  });

  test("a score that flaps around the threshold asks once and is no recovery", () => {
    const flapping = [0.71, 0.69, 0.72, 0.68, 0.7, 0.61, 0.7, 0.6, 0.71];
    const { alerts, record } = new History().days(flapping);
    expect(alerts.filter(Boolean)).toEqual(["opened"]);
    expect(record).toMatchObject({ status: "open", calm: null });
  });

  test("a score that flaps around the exit recovers only after its days in a row", () => {
    const history = new History().days([0.75, 0.5, 0.5, 0.6, 0.5, 0.5, 0.5]);
    expect(history.transitions).toEqual(["opened", ...Array(5).fill("unchanged"), "recovered"]);
    expect(history.record).toMatchObject({ status: "closed", closed: { how: "recovered" } });
    expect(history.record?.closed?.note).toContain("0.75 then, now 0.50");
  });

  test("a slow drift asks when it has become worse by a step since somebody was asked", () => {
    const { alerts } = new History().days([0.7, 0.73, 0.76, 0.79, 0.8, 0.83, 0.86, 0.9, 0.95]);
    expect(alerts).toEqual(["opened", null, null, null, "worsened", null, null, "worsened", null]);
  });

  test("after a recovery a new rise is new", () => {
    const { alerts } = new History().days([0.75, 0.5, 0.5, 0.5, 0.65, 0.72]);
    expect(alerts.filter(Boolean)).toEqual(["opened", "opened"]);
  });

  test("a question that ended unanswered is asked again, an answered one isn't", () => {
    const history = new History().days([0.75]);
    expect(history.observe(0.75, { isUnanswered: false })?.alert).toBeNull();
    expect(history.observe(0.75, { isUnanswered: true })?.alert).toBe("unanswered");
    expect(history.observe(0.5, { isUnanswered: true })?.alert).toBeNull();
  });

  test("a person who starts it sees an open case, however it stands, and nothing where there is none", () => {
    expect(new History().observe(0.4, { asked: true })).toBeNull();
    const history = new History().days([0.75]);
    history.dismiss();
    expect(history.observe(0.5, { asked: true })).toMatchObject({ alert: "asked", status: "dismissed" });
    expect(history.observe(0.75)?.alert).toBeNull();
  });
});

describe("what isn't known", () => {
  test("a missing assessment neither opens, nor recovers, nor breaks a row", () => {
    expect(new History().days([null, null]).record).toBeNull();
    const history = new History().days([0.75, 0.5, null, null, null, 0.5]);
    expect(history.record).toMatchObject({ status: "open", score: 0.5, calm: { days: 2 } });
    expect(history.findings.slice(2, 5).map((finding) => finding?.score)).toEqual([null, null, null]);
    expect(history.days([0.5]).record?.status).toBe("closed");
  });

  test("a low score out of missing data is no recovery, a high one still asks", () => {
    const gap = { isCertain: false };
    const history = new History().days([0.75]).days(Array(10).fill(0.2), gap);
    expect(history.record).toMatchObject({ status: "open", calm: null });
    expect(history.observe(0.9, gap)?.alert).toBe("worsened");
  });

  test("ten assessments of one day are one day", () => {
    const history = new History().days([0.75]);
    for (let each = 0; each < 10; each += 1) history.observe(0.4);
    expect(history.record).toMatchObject({ status: "open", calm: { days: 1 } });
  });

  test("a clock that goes back counts no day twice, and asks about nothing again", () => {
    const history = new History().days([0.75, 0.5, 0.5]);
    history.at -= 10 * dayMs;
    history.days([0.5, 0.5]);
    expect(history.record).toMatchObject({ status: "open", calm: { days: 2 } });
    expect(history.alerts.filter(Boolean)).toEqual(["opened"]);
    expect(history.days([0.5]).record?.status).toBe("closed");
  });
});

describe("what ends it", () => {
  test("the customer churns: closed, and a churned one opens nothing", () => {
    const history = new History().days([0.75]);
    expect(history.observe(0.95, { hasChurned: true })).toMatchObject({ transition: "closed", alert: null });
    expect(history.observe(0.95, { hasChurned: true })).toBeNull();
  });

  test("a renewal put off by weeks is the same case, a new term is another", () => {
    const moved = { renewal: addDays({ date: "2026-12-14", days: 60 }) };
    const history = new History().days([0.75]).days([0.75], moved);
    expect(history.record).toMatchObject({ status: "open", customer: { renewal_date: "2027-02-12" } });
    const renewed = history.observe(0.3, { renewal: "2027-12-14" });
    expect(renewed).toMatchObject({ transition: "closed", note: expect.stringContaining("A new term has begun") });
    expect(history.observe(0.8, { renewal: "2027-12-14" })?.alert).toBe("opened");
  });

  test("a date that goes missing ends nothing, and is remembered for the next one", () => {
    const history = new History().days([0.75]).days([0.75], { renewal: null });
    expect(history.record?.customer.renewal_date).toBe("2026-12-14");
    expect(history.observe(0.75, { renewal: "2027-12-14" })).toMatchObject({ transition: "opened", alert: "opened" });
  });

  test("a review closes what nobody assesses any more, and leaves the rest", () => {
    const history = new History().days([0.75]);
    const { customer } = history.record ?? {};
    if (customer === undefined) throw new Error("There is a case.");
    const review = (now: { hasChurned: boolean } | null) =>
      history.say({ type: "review", at: history.at, now: now && { customer, ...now } }).event;
    expect(review({ hasChurned: false })).toBeNull();
    expect(review(null)).toMatchObject({ type: "closed", note: expect.stringContaining("no longer") });
    expect(review({ hasChurned: true })).toBeNull();
  });
});

describe("a person's word", () => {
  test("a snooze is silent until its end, then asks if it is still at risk", () => {
    const history = new History().days([0.75]);
    expect(history.snooze(3).refusal).toBeNull();
    history.days([0.75, 0.78, 0.74, 0.75, 0.75]);
    expect(history.alerts).toEqual(["opened", null, null, null, "snooze_over", null]);
    expect(history.record).toMatchObject({ status: "open", snooze: null });
  });

  test("a snooze that ends in a gap or under the exit waits for an assessment", () => {
    const history = new History().days([0.75]);
    history.snooze(1);
    history.at += 2 * dayMs;
    expect(history.observe(null)).toMatchObject({ alert: null, status: "snoozed" });
    expect(history.observe(0.5)).toMatchObject({ alert: null });
    expect(history.observe(0.7)).toMatchObject({ alert: "snooze_over", status: "open" });
  });

  test("what becomes worse breaks a snooze and a dismissal", () => {
    for (const word of ["snooze", "dismiss"] as const) {
      const history = new History().days([0.75]);
      if (word === "snooze") history.snooze(30);
      else history.dismiss();
      history.days([0.8, 0.84, 0.85, 0.85]);
      expect(history.alerts).toEqual(["opened", null, null, "worsened", null]);
      expect(history.record).toMatchObject({ status: "open", snooze: null, dismissal: null });
    }
  });

  test("a dismissed case that swings below the exit and back stays silent until a new term", () => {
    const history = new History().days([0.75]);
    history.dismiss();
    history.days([0.5, 0.4, 0.3, 0.3, 0.5, 0.7, 0.75, 0.8]);
    expect(history.alerts.filter(Boolean)).toEqual(["opened"]);
    expect(history.record?.status).toBe("dismissed");
    expect(history.observe(0.71, { renewal: "2027-12-14" })).toMatchObject({ alert: "opened", status: "open" });
  });

  test("a second press, a past date, no reason, no case: refused, and nothing changes", () => {
    const history = new History().days([0.75]);
    const word = { at: history.at, by: dana, until: history.at + dayMs, reason: "talks" };
    const version = history.record?.version ?? 0;
    expect(history.say({ type: "snooze", ...word, version }).refusal).toBeNull();
    const stands = history.record;
    expect(history.say({ type: "snooze", ...word, version }).refusal).toBe("overtaken");
    expect(history.say({ type: "dismiss", ...word, why: "known", note: null, version }).refusal).toBe("overtaken");
    expect(history.say({ type: "snooze", ...word, until: history.at, version: null }).refusal).toBe("past");
    expect(history.say({ type: "snooze", ...word, until: history.at + 400 * dayMs, version: null }).refusal).toBe(
      "too_far",
    );
    expect(history.say({ type: "snooze", ...word, reason: " ", version: null }).refusal).toBe("reason_missing");
    expect(history.record).toBe(stands);
    expect(new History().say({ type: "snooze", ...word, version: null }).refusal).toBe("no_case");
  });
});

test("an id that others have made is read, or is none", () => {
  const key = { reason: "churn_risk", customerId: "a:b/c" } as const;
  expect(parseCaseId(caseId(key))).toEqual(key);
  expect(["", "renewal_risk", "renewal_risk:", "other:acme", ":acme"].map(parseCaseId)).toEqual(Array(5).fill(null));
});
