import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CustomerData } from "../../../src/agents/local/data/customer-data.ts";
import { assess } from "../../../src/agents/local/risk/assess.ts";
import { whatWouldHelp } from "../../../src/agents/local/risk/remedy.ts";
import { RenewalRisk } from "../../../src/agents/local/risk/renewal-risk.ts";
import { gatherEvidence } from "../../../src/agents/local/risk/risk-evidence.ts";
import type { Customer } from "../../../src/flow/customer.ts";
import { customerWith, modelNamed } from "../support.ts";

const today = "2026-11-23";
const renewalRiskV2 = modelNamed("renewal_risk_v2");

function assessed(
  data: CustomerData | null,
  parameters: { customer?: Customer; threshold?: number; today?: string } = {},
) {
  const { customer = customerWith(), threshold = 0.7 } = parameters;
  return RenewalRisk.parse(
    assess({ model: renewalRiskV2, data, customer, today: parameters.today ?? today, threshold }),
  );
}

const troubled: CustomerData = {
  usage_metrics: {
    utilization: 49 / 120,
    active_users: 49,
    seats: 120,
    month: "2026-10",
    trend: 49 / 82 - 1,
    trend_since: "2026-08",
  },
  support_history: {
    urgent_tickets: 2,
    open_tickets: 2,
    oldest_urgent_days: 9,
    csat: null,
    tickets: [{ id: "T-1", priority: "urgent", subject: "Export fails", opened_at: "2026-11-14T08:00:00Z" }],
  },
  contacts: { champion: { name: "Ruth", left_at: "2026-11-03" } },
};

describe("do the reasons read like the card?", () => {
  it("says level, trend, tickets and champion with their evidence", () => {
    const { reasons } = assessed(troubled);
    expect(reasons.map(({ text }) => text)).toEqual([
      "Seat use 41 % of 120, was 68 % in August",
      "2 urgent tickets open, oldest 9 days",
      "Champion left on 3 Nov",
    ]);
    expect(reasons.map(({ evidence }) => evidence)).toEqual([
      [
        { text: "49 of 120 seats active", date: "2026-10-31" },
        { text: "82 active", date: "2026-08-31" },
      ],
      [{ text: "Export fails", date: "2026-11-14" }],
      [{ text: "Ruth, champion", date: "2026-11-03" }],
    ]);
  });

  it.each<[string, CustomerData, Partial<Customer>]>([
    ["1 urgent ticket open for 1 day", { support_history: { urgent_tickets: 1, oldest_urgent_days: 1 } }, {}],
    ["12 tickets open, none urgent", { support_history: { urgent_tickets: 0, open_tickets: 12 } }, {}],
    ["No open tickets", { support_history: { urgent_tickets: 0, open_tickets: 0 } }, {}],
    ["CSAT 2.5 of 5 over 2 answers", { support_history: { csat: 2.5, csat_answers: 2 } }, {}],
    ["NPS -40", {}, { nps: -40 }],
    ["Champion has left", {}, { champion_status: "left" }],
    ["Champion is still there", {}, { champion_status: "active" }],
    ["1 invoice overdue by 34 days", { invoices: { overdue: 1, oldest_overdue_days: 34 } }, {}],
    ["No overdue invoices", { invoices: { overdue: 0 } }, {}],
    ["Renews by itself", {}, { auto_renew: true }],
    ["Doesn't renew by itself", {}, { auto_renew: false, notice_date: today }],
    ["Doesn't renew by itself, notice date passed on 22 Nov", {}, { auto_renew: false, notice_date: "2026-11-22" }],
    ["Active users down 40 % since August", { usage_metrics: { trend: -0.4, trend_since: "2026-08" } }, {}],
    ["Seat use 50 % of 10", { usage_metrics: { active_users: 5 } }, { seats: 10 }],
    ["Seat use 50 %", { usage_metrics: { utilization: 0.5, trend: 0.01, trend_since: "2026-08" } }, {}],
  ])("%s", (text, data, fields) => {
    expect(assessed(data, { customer: customerWith(fields) }).reasons.map((reason) => reason.text)).toEqual([text]);
  });

  it("puts what raises the risk first, each by its strength", () => {
    const data: CustomerData = {
      ...troubled,
      invoices: { overdue: 0 },
      nps: -60,
      contract_details: { auto_renew: true },
    };
    const points = assessed(data).reasons.map((reason) => reason.points);
    const raising = points.filter((point) => point > 0);
    const reassuring = points.filter((point) => point < 0);
    expect(points).toEqual([...raising.toSorted((a, b) => b - a), ...reassuring.toSorted((a, b) => a - b)]);
    expect(reassuring.length).toBeGreaterThan(0);
  });

  it("believes the worse where the CRM and the contacts contradict each other", () => {
    const left: CustomerData = { contacts: { champion: { name: "Ruth", left_at: "2026-11-03" } } };
    const here: CustomerData = { contacts: { champion: { name: "Ruth", left_at: null } } };
    expect(
      assessed(left, { customer: customerWith({ champion_status: "active" }) }).reasons[0]?.points,
    ).toBeGreaterThan(0);
    expect(assessed(here, { customer: customerWith({ champion_status: "left" }) }).reasons[0]?.text).toBe(
      "Champion has left",
    );
  });
});

describe("does it say what it doesn't know?", () => {
  it("names what is missing and lowers the confidence", () => {
    expect(assessed(null)).toMatchObject({
      risk_level: "medium",
      over_threshold: false,
      confidence: "low",
      reasons: [],
    });
    expect(assessed(troubled).missing).toEqual(["CSAT", "NPS", "invoices", "contract terms", "renewal date"]);
  });

  it("asks for newer figures where the usage ends months ago, and isn't reassured by it", () => {
    const data: CustomerData = { usage_metrics: { utilization: 0.95, trend: 0.3, month: "2026-10" } };
    expect(assessed(data, { today: "2026-12-31" }).risk_level).toBe("low");
    const late = assessed(data, { today: "2027-01-01" });
    expect(late).toMatchObject({ risk_level: "medium", confidence: "low", reasons: [] });
    expect(late.missing.slice(0, 2)).toEqual(["seat use since October", "usage trend since October"]);
  });

  it("gives the same for the same parts in another order", () => {
    const parts = Object.entries({ ...troubled, nps: 3, invoices: { overdue: 0 } });
    fc.assert(
      fc.property(fc.shuffledSubarray(parts, { minLength: parts.length }), (shuffled) => {
        expect(assessed(Object.fromEntries(shuffled))).toEqual(assessed(Object.fromEntries(parts)));
      }),
    );
  });
});

describe("is the threshold's word exact?", () => {
  it("is over at the threshold itself, and the level doesn't depend on it", () => {
    const { risk_score } = assessed(troubled);
    expect(assessed(troubled, { threshold: risk_score })).toMatchObject({ over_threshold: true, risk_level: "high" });
    expect(assessed(troubled, { threshold: risk_score + 1e-12 }).over_threshold).toBe(false);
    expect(assessed(troubled, { threshold: 0 }).what_would_help).toEqual([]);
    expect(assessed(troubled, { threshold: 1 })).toMatchObject({ over_threshold: false, risk_level: "high" });
  });
});

function help(threshold: number) {
  const evidence = gatherEvidence({ data: troubled, customer: null, today });
  return whatWouldHelp({ model: renewalRiskV2, evidence, threshold });
}

describe("is what would help true?", () => {
  const figures = fc.record({
    utilization: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    seats: fc.option(fc.integer({ min: 1, max: 500 })),
    trend: fc.option(fc.double({ min: -0.9, max: 0.5, noNaN: true })),
    urgent: fc.option(fc.nat(5)),
    champion: fc.constantFrom("left" as const, "active" as const, null),
    nps: fc.option(fc.integer({ min: -100, max: 100 })),
    overdue: fc.option(fc.nat(90)),
    threshold: fc.double({ min: 0.3, max: 0.95, noNaN: true }),
  });

  it("promises only scores under the threshold, never a worse one, and nothing where nothing is wrong", () => {
    fc.assert(
      fc.property(figures, ({ utilization, seats, trend, urgent, champion, nps, overdue, threshold }) => {
        const active = utilization === null || seats === null ? null : Math.round(utilization * seats);
        const data: CustomerData = {
          usage_metrics: { utilization, seats, active_users: active, trend },
          support_history: {
            urgent_tickets: urgent,
            open_tickets: urgent,
            oldest_urgent_days: urgent === null ? null : 7,
          },
          invoices: overdue === null ? null : { overdue: overdue === 0 ? 0 : 1, oldest_overdue_days: overdue },
        };
        const risk = assessed(data, { customer: customerWith({ champion_status: champion, nps }), threshold });
        expect(risk.over_threshold || risk.what_would_help.length === 0).toBe(true);
        for (const { risk_score } of risk.what_would_help) {
          expect(risk_score).toBeLessThan(threshold);
          expect(risk_score).toBeLessThan(risk.risk_score);
        }
        const sizes = risk.what_would_help.map(({ text }) => text.split(/, | and /).length);
        expect(new Set(sizes).size).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("names the smallest set: two remedies only where no single one is enough", () => {
    const singles = help(0.8).map(({ text }) => text);
    expect(singles).toEqual(["both urgent tickets are closed", "a new champion is found", "seats are cut to 65"]);
    expect(help(0.7).every(({ text }) => text.includes(" and "))).toBe(true);
    expect(help(0.2)).toEqual([]);
  });

  it("scores a remedy as if the data had said so", () => {
    const [first] = help(0.8);
    const closed: CustomerData = { ...troubled, support_history: { urgent_tickets: 0, open_tickets: 0 } };
    expect(first?.risk_score).toBe(assessed(closed).risk_score);
  });
});
