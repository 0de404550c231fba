/** Does a fit find what is there, and say so where nothing is? The histories come from processes that know no model. */
import { describe, expect, it } from "vitest";
import { type Fit, fitModel } from "../../../../src/agents/local/model/fit.ts";
import { type HistoryRenewal, readHistory } from "../../../../src/agents/local/model/history.ts";
import { warningsOn } from "../../../../src/agents/local/model/history-warning.ts";
import { leaksIn } from "../../../../src/agents/local/model/leak.ts";
import { readModel, modelText } from "../../../../src/agents/local/risk/model-file.ts";
import { evaluate, type Points, type RiskModel } from "../../../../src/agents/local/risk/risk-model.ts";
import { builtInModels } from "../../../../src/agents/local/risk/risk-models.ts";
import { columns, historyRows, type ProcessOptions, type Row, textOf } from "./history-process.ts";

const current = currentModel();

function currentModel(): RiskModel {
  const model = builtInModels().get("renewal_risk_v2");
  if (model === undefined) throw new Error("The current model isn't there.");
  return model;
}

function renewalsOf(rows: readonly Row[]): HistoryRenewal[] {
  const { renewals, problems } = readHistory(textOf(rows), { today: "2026-11-26", downgradedIsLost: false });
  expect(problems).toEqual([]);
  return renewals;
}

function fitOf(rows: readonly Row[]): Fit {
  return fitModel(renewalsOf(rows), { current, name: "renewal_risk_v3", seed: 1, draws: 100, permutations: 99 });
}

function proposedBy(rows: readonly Row[]): Fit & { kind: "proposed" } {
  const fit = fitOf(rows);
  if (fit.kind !== "proposed") throw new Error(`Nothing was proposed: ${fit.kind}.`);
  return fit;
}

const life: ProcessOptions = { seed: 11, customers: 90 };
const fitted = proposedBy(historyRows(life));

describe("a history with something in it", () => {
  it("gives weights with the signs that the process has", () => {
    const signs = fitted.factors.map(({ signal, word, interval }) => [
      word === null ? signal : `${signal} ${word}`,
      interval.low > 0 ? "raises" : interval.high < 0 ? "lowers" : "unsure",
    ]);
    expect(Object.fromEntries(signs)).toMatchObject({
      utilization: "lowers",
      "champion left": "raises",
      "champion active": "lowers",
    });
  });

  it("claims no more than it shows on customers that it hasn't seen", () => {
    const { auc, current: theirs, difference, chance } = fitted.skill;
    expect(auc.interval.low).toBeGreaterThan(0.7);
    expect(auc.interval.low).toBeLessThan(auc.value);
    expect(auc.interval.high).toBeGreaterThan(auc.value);
    expect(difference.value).toBeCloseTo(auc.value - theirs.value, 10);
    expect(chance).toBe(0.01);
  });

  it("proposes a model in the format of model files, which reads back as itself", () => {
    const read = readModel({ file: "renewal_risk_v3.yml", text: modelText(fitted.model) });
    expect(read).toEqual({ ok: true, model: fitted.model });
    expect(fitted.model).toMatchObject({ name: "renewal_risk_v3", about: "renewal", threshold: current.threshold });
  });

  it("asks for about as many cards as renewals were lost", () => {
    const renewals = renewalsOf(historyRows(life));
    const cards = renewals.filter(
      ({ signals }) => evaluate(fitted.model, signals).score >= fitted.model.threshold,
    ).length;
    const lost = renewals.filter((renewal) => renewal.lost).length;
    expect(Math.abs(cards - lost)).toBeLessThanOrEqual(3);
  });

  it("lets nothing weigh against the direction that people are told", () => {
    for (const { signal, points } of fitted.model.factors.flatMap(({ terms }) => terms)) {
      if (!Array.isArray(points)) continue;
      const before = current.factors.flatMap(({ terms }) => terms).find((term) => term.signal === signal)?.points;
      expect([signal, rises(points)]).toEqual([signal, rises(before)]);
    }
  });

  it("scores the same whatever the order of factors", () => {
    const turned = { ...fitted.model, factors: fitted.model.factors.toReversed() };
    for (const { signals } of renewalsOf(historyRows({ seed: 5, customers: 20 })))
      expect(evaluate(turned, signals).hundredths).toBe(evaluate(fitted.model, signals).hundredths);
  });
});

describe("a history with nothing in it", () => {
  it("outcomes by a coin: no skill and no model", () => {
    const fit = fitOf(historyRows({ seed: 2, customers: 90, kind: "noise" }));
    expect(fit.kind).toBe("no_skill");
    expect(fit).not.toHaveProperty("model");
  });

  it("too few customers with an outcome", () => {
    expect(fitOf(historyRows({ seed: 7, customers: 14 }))).toMatchObject({
      kind: "too_little",
      why: expect.stringMatching(/^\d customers have a lost renewal; it takes 10$/),
    });
  });

  it("many renewals of few customers", () => {
    const rows = historyRows(life).map((row, index) => ({
      ...row,
      customer: `c${index % 9}`,
      closed_on: dayOf(index),
    }));
    expect(fitOf(rows.map((row) => ({ ...row, as_of: "" })))).toMatchObject({ kind: "too_little" });
  });

  it("factors that are the same in all", () => {
    const rows = historyRows(life).map((row) => ({ ...emptied(row), nps: "7" }));
    expect(fitOf(rows)).toMatchObject({ kind: "too_little", why: "there is no factor to learn from" });
  });
});

function dayOf(index: number): string {
  return `20${20 + Math.floor(index / 300)}-${String(1 + (Math.floor(index / 25) % 12)).padStart(2, "0")}-${String(1 + (index % 25)).padStart(2, "0")}`;
}

function emptied(row: Row): Row {
  const kept = { ...row };
  for (const column of columns.slice(6)) kept[column] = "";
  return kept;
}

/** Whether more of it raises the risk. */
function rises(points: Points | undefined): boolean {
  return Array.isArray(points) && (points.at(-1)?.[1] ?? 0) >= (points.at(0)?.[1] ?? 0);
}

function warningsFor(rows: readonly Row[]): string[] {
  return warningsOn({ renewals: renewalsOf(rows), leaks: [], factors: [] });
}

describe("a person is warned", () => {
  it("of a factor that knows the outcome", () => {
    const renewals = renewalsOf(historyRows({ ...life, kind: "leak" }));
    const leaks = leaksIn(renewals);
    expect(leaks).toEqual(["utilization"]);
    expect(leaksIn(renewalsOf(historyRows(life)))).toEqual([]);
    expect(warningsOn({ renewals, leaks, factors: [] })[0]).toBe(
      "utilization parts the lost from the kept almost perfectly: was it taken after the decision?",
    );
  });

  it("of factors that could be of any day", () => {
    const rows = historyRows(life);
    const undated = rows.map((row, index) => ({ ...row, as_of: index % 4 === 0 ? "" : row.as_of }));
    expect(warningsFor(undated)[0]).toMatch(/^25 % of the renewals don't say as of which day their factors are/);
    expect(warningsFor(rows.map((row) => ({ ...row, as_of: "" })))[0]).toMatch(
      /^The renewals don't say as of which day/,
    );
    expect(warningsFor(rows).join()).not.toContain("as_of");
  });

  it("of few outcomes for many factors", () => {
    expect(fitted.warnings).toContainEqual(
      expect.stringMatching(/^\d+ lost renewals for \d+ figures, fewer than 10 each/),
    );
    expect(fitted.warnings.join()).not.toContain("parts the lost");
  });

  it("of outcomes that are rare", () => {
    const rows = historyRows({ seed: 31, customers: 160 });
    const lost = rows.filter(({ outcome }) => outcome === "churned").slice(0, 14);
    const rare = [...rows.filter(({ outcome }) => outcome !== "churned"), ...lost];
    expect(warningsFor(rare)).toContainEqual(expect.stringMatching(/^Only \d % were lost: look at the precision/));
  });

  it("of a factor that is missing where it matters, and of answers in place of a score", () => {
    const rows = historyRows(life).map((row, index) => ({
      ...row,
      csat: row.outcome === "churned" ? "" : "4",
      nps: String(index % 11),
    }));
    const warnings = warningsFor(rows);
    expect(warnings).toContainEqual(
      expect.stringMatching(/^\d+ % were lost where csat is not known, 0 % where it is: why/),
    );
    expect(warnings).toContain("All of nps lie from 0 to 10: are they answers, not scores from -100 to 100?");
  });
});
