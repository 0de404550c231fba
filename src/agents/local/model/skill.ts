/**
 * Whether anything was learnt at all.
 *
 * 1. Renewals are scored by models that haven't seen their customers; the choice of the penalty is part of what is tested.
 * 2. Only renewals of one part are compared with each other: each part has a model of its own.
 * 3. Skill is claimed where both agree: the interval of the area lies above one half, and outcomes that are dealt out anew
 *    among the customers are hardly ever predicted as well. The interval alone is too sure of itself, since it knows nothing of
 *    the luck of what was learnt from.
 * 4. In the test by dealing out nothing depends on the outcomes but what is learnt: neither the parts nor the penalty.
 */
import type { RiskModel } from "../risk/risk-model.ts";
import { evaluate } from "../risk/risk-model.ts";
import { bootstrapIntervals } from "./bootstrap.ts";
import { learnFeatures } from "./features.ts";
import type { HistoryRenewal } from "./history.ts";
import type { Interval } from "./interval.ts";
import { learn, type Learning, observationsOf, partsOf } from "./learning.ts";
import { fitLogistic, logOddsOf } from "./logistic-regression.ts";
import { proposedModel } from "./proposal.ts";
import { type Random, shuffled } from "./random.ts";
import { areaOf, pairsOf, rankingOf } from "./ranking.ts";

export interface Estimate {
  value: number;
  interval: Interval;
}

export interface Skill {
  /** Of what is proposed, on customers that it hasn't seen. */
  auc: Estimate;
  /** Of the current model, on the same renewals. */
  current: Estimate;
  /** What is proposed less the current model. */
  difference: Estimate;
  /** How often outcomes dealt out anew are predicted as well; one is the least that can be said. */
  chance: number;
  isSkilled: boolean;
}

export interface SkillTest extends Learning {
  current: RiskModel;
  draws: number;
  permutations: number;
  random: Random;
}

const mostChance = 0.01;
const testPenalty = 10;
/** So many deals that did as well are no skill, however many more there would be. */
const enough = 20;

export function skillOf(renewals: readonly HistoryRenewal[], test: SkillTest): Skill {
  const parts = partsOf(renewals, test);
  const scores = renewals.map(() => 0.5);
  for (const { train, test: unseen, places } of parts) {
    const learned = learn(train, test);
    const model = proposedModel({ learned, renewals: train, current: test.current, name: test.current.name });
    for (const [index, { signals }] of unseen.entries()) {
      if (model !== null) scores[places[index] ?? 0] = evaluate(model, signals).score;
    }
  }
  const before = renewals.map(({ signals }) => evaluate(test.current, signals).score);
  const places = parts.map((part) => part.places);
  const estimates = compared({ renewals, places, scores, before, test });
  const chance = chanceOf(renewals, test);
  const isSkilled = estimates.auc.interval.low > 0.5 && chance <= mostChance;
  return { ...estimates, chance, isSkilled };
}

function compared(parameters: {
  renewals: readonly HistoryRenewal[];
  places: readonly (readonly number[])[];
  scores: readonly number[];
  before: readonly number[];
  test: SkillTest;
}): Pick<Skill, "auc" | "current" | "difference"> {
  const { renewals, places, scores, before, test } = parameters;
  const lost = renewals.map((renewal) => renewal.lost);
  const [ours, theirs] = [areaWithin({ places, scores, lost }), areaWithin({ places, scores: before, lost })];
  const less = (weights: readonly number[] | null) => {
    const [one, other] = [ours(weights), theirs(weights)];
    return one === null || other === null ? null : one - other;
  };
  const { draws, random } = test;
  const figures = { auc: ours, current: theirs, difference: less };
  const customers = renewals.map(({ customer }) => customer);
  const intervals = bootstrapIntervals({ customers, figures, draws, random });
  const estimate = (name: keyof typeof figures, otherwise: number): Estimate => {
    const value = figures[name](null) ?? otherwise;
    return { value, interval: intervals.get(name) ?? { low: value, high: value } };
  };
  return { auc: estimate("auc", 0.5), current: estimate("current", 0.5), difference: estimate("difference", 0) };
}

/** The area over pairs within a part. */
function areaWithin(parameters: {
  places: readonly (readonly number[])[];
  scores: readonly number[];
  lost: readonly boolean[];
}): (weights: readonly number[] | null) => number | null {
  const { scores, lost } = parameters;
  const parts = parameters.places.map((places) => ({
    places,
    ranking: rankingOf({
      scores: places.map((place) => scores[place] ?? 0),
      lost: places.map((place) => lost[place] ?? false),
    }),
  }));
  return (weights) =>
    areaOf(
      parts.map(({ places, ranking }) =>
        pairsOf(ranking, weights === null ? null : places.map((place) => weights[place] ?? 0)),
      ),
    );
}

function chanceOf(renewals: readonly HistoryRenewal[], test: SkillTest): number {
  const parts = partsOf(
    renewals.map((renewal) => ({ ...renewal, lost: false })),
    test,
  ).map(({ train, test: unseen, places }) => {
    const { features } = learnFeatures(train, test.except);
    const isHere = new Set(places);
    return {
      seen: observationsOf(train, features),
      unseen: observationsOf(unseen, features),
      seenPlaces: renewals.flatMap((_, place) => (isHere.has(place) ? [] : [place])),
      places,
    };
  });
  const areaFor = (lost: readonly boolean[]): number => {
    const groups = parts.map(({ seen, unseen, seenPlaces, places }) => {
      const known = seenPlaces.map((place) => lost[place] ?? false);
      const asked = places.map((place) => lost[place] ?? false);
      // Dealt out anew, a part may hold outcomes of one kind alone.
      if (!known.includes(true) || !known.includes(false)) return { wins: 0, pairs: 0 };
      const coefficients = fitLogistic({ ...seen, lost: known }, testPenalty, null);
      const scores = [...logOddsOf(coefficients, unseen)];
      return pairsOf(rankingOf({ scores, lost: asked }), null);
    });
    return areaOf(groups) ?? 0.5;
  };
  const reached = areaFor(renewals.map(({ lost }) => lost));
  let [asGood, dealt] = [0, 0];
  while (dealt < test.permutations && asGood < enough) {
    dealt++;
    if (areaFor(dealtAnew(renewals, test.random)) >= reached) asGood++;
  }
  return (asGood + 1) / (dealt + 1);
}

/** Whole customers change places, so that one who is lost twice stays one who is lost twice. */
function dealtAnew(renewals: readonly HistoryRenewal[], random: Random): boolean[] {
  const groups = Map.groupBy(renewals, ({ customer }) => customer);
  return shuffled([...groups.values()], random).flatMap((group) => group.map(({ lost }) => lost));
}
