/**
 * From a history to a proposal: which factors matter and how surely, whether there is skill, and the model that a person may apply.
 * Nothing is proposed where no skill shows, and nothing is ever applied here.
 */
import type { RiskModel } from "../risk/risk-model.ts";
import type { SignalName } from "../risk/signals.ts";
import { type FactorWeight, weightsOf } from "./factor-weight.ts";
import { warningsOn } from "./history-warning.ts";
import type { HistoryRenewal } from "./history.ts";
import { leaksIn } from "./leak.ts";
import { directionsOf, learn, type Learning } from "./learning.ts";
import { proposedModel } from "./proposal.ts";
import { seededRandom } from "./random.ts";
import { type Skill, skillOf } from "./skill.ts";

export interface FitTerms {
  current: RiskModel;
  /** Of the proposal. */
  name: string;
  seed: number;
  /** Of the bootstraps; a tenth of it for weights, which are fitted anew at each draw. */
  draws: number;
  permutations: number;
}

export interface Fitted {
  penalty: number;
  skill: Skill;
  factors: FactorWeight[];
  leftOut: { signal: SignalName; why: string }[];
  warnings: string[];
}

export type Fit =
  | ({ kind: "proposed"; model: RiskModel } & Fitted)
  | ({ kind: "no_skill" } & Fitted)
  | { kind: "too_little"; why: string; warnings: string[] };

const folds = 5;
/** Of customers with each outcome: two for each part. */
const fewestCustomers = 2 * folds;

export function fitModel(renewals: readonly HistoryRenewal[], terms: FitTerms): Fit {
  const why = tooLittle(renewals);
  const leaks = leaksIn(renewals);
  const leftOut = leaks.map((signal) => ({ signal, why: "parts the lost from the kept by itself" }));
  if (why !== null) return { kind: "too_little", why, warnings: warningsOn({ renewals, leaks, factors: [] }) };
  const directions = directionsOf(terms.current);
  const learning: Learning = { except: new Set(leaks), directions, folds, seed: terms.seed };
  const learned = learn(renewals, learning);
  if (learned.encoding.features.length === 0) {
    const warnings = warningsOn({ renewals, leaks, factors: [] });
    return { kind: "too_little", why: "there is no factor to learn from", warnings };
  }
  const { current, draws, permutations, seed } = terms;
  const random = seededRandom(seed);
  const skill = skillOf(renewals, { ...learning, current, draws, permutations, random });
  const factors = weightsOf({ renewals, learned, draws: Math.ceil(draws / 10), seed });
  const model = skill.isSkilled ? proposedModel({ learned, renewals, current, name: terms.name }) : null;
  const fitted: Fitted = {
    penalty: learned.penalty,
    skill,
    factors,
    leftOut: [...leftOut, ...learned.encoding.leftOut, ...learned.contrary.map(contraryTo(current))],
    warnings: warningsOn({ renewals, leaks, factors }),
  };
  return model === null ? { kind: "no_skill", ...fitted } : { kind: "proposed", model, ...fitted };
}

function contraryTo({ name }: RiskModel): (signal: SignalName) => { signal: SignalName; why: string } {
  return (signal) => ({ signal, why: `here it would weigh against its direction in ${name}` });
}

function tooLittle(renewals: readonly HistoryRenewal[]): string | null {
  for (const [isLost, word] of [
    [true, "lost"],
    [false, "kept"],
  ] as const) {
    const customers = new Set(renewals.filter(({ lost }) => lost === isLost).map(({ customer }) => customer)).size;
    if (customers < fewestCustomers)
      return `${customers} customers have a ${word} renewal; it takes ${fewestCustomers}`;
  }
  return null;
}
