/**
 * Logistic regression with an L2 penalty, by Newton's method.
 *
 * 1. The intercept isn't penalised, so that the mean of what is expected is the mean of what happened.
 * 2. A penalty above zero makes the answer finite and unique, also where a factor separates the outcomes perfectly.
 * 3. A step that makes things worse is halved, so that it ends.
 */
import { cholesky, type Matrix, solve } from "./linear-system.ts";

/** Observations in rows, factors in columns. */
export interface Observations {
  /** Row after row, `width` figures each. */
  factors: Float64Array;
  width: number;
  lost: readonly boolean[];
  /** How often each is there; null: once. */
  weights: readonly number[] | null;
}

export interface Coefficients {
  intercept: number;
  /** Log-odds for one unit of each factor. */
  slopes: number[];
}

const mostSteps = 100;
/** A change of the penalised likelihood, per observation, that is no change. */
const tolerance = 1e-10;

/** Throws `RangeError` where all were lost, or none: then the intercept is infinite. */
export function fitLogistic(observations: Observations, penalty: number, start: Coefficients | null): Coefficients {
  const { width, lost, weights } = observations;
  const share = shareLost(observations);
  if (!(share > 0 && share < 1)) throw new RangeError("A regression needs both, lost and kept renewals.");
  const begin = start === null ? [Math.log(share / (1 - share))] : [start.intercept, ...start.slopes];
  let current = stateAt(observations, penalty, padded(begin, width + 1));
  const least = tolerance * (weights === null ? lost.length : sum(weights));
  for (let step = 0; step < mostSteps; step++) {
    const { gradient, hessian } = derivatives(observations, penalty, current);
    const direction = solve(cholesky(hessian, width + 1), width + 1, gradient);
    let scale = 1;
    let next = stateAt(observations, penalty, moved(current.values, direction, scale));
    while (next.loss > current.loss && scale > 1e-6) {
      scale /= 2;
      next = stateAt(observations, penalty, moved(current.values, direction, scale));
    }
    const gain = current.loss - next.loss;
    if (gain > 0) current = next;
    if (gain <= least) break;
  }
  const [intercept = 0, ...slopes] = current.values;
  return { intercept, slopes };
}

export function logOddsOf({ intercept, slopes }: Coefficients, { factors, lost, width }: Observations): Float64Array {
  return oddsOf(Float64Array.from([intercept, ...slopes]), { factors, width, rows: lost.length });
}

/** −log of the likelihood of what happened, at these log-odds; never infinite minus infinite. */
export function lossAt(odds: number, isLost: boolean): number {
  const against = isLost ? -odds : odds;
  return Math.max(0, against) + Math.log1p(Math.exp(-Math.abs(against)));
}

/** Intercept and slopes, what they expect of each row, and how far off that is. */
interface State {
  values: Float64Array;
  odds: Float64Array;
  loss: number;
}

function stateAt({ factors, width, lost, weights }: Observations, penalty: number, values: Float64Array): State {
  const odds = oddsOf(values, { factors, width, rows: lost.length });
  let loss = 0;
  for (let column = 1; column <= width; column++) loss += (penalty / 2) * (values[column] ?? 0) ** 2;
  for (let row = 0; row < odds.length; row++) {
    loss += (weights === null ? 1 : (weights[row] ?? 0)) * lossAt(odds[row] ?? 0, lost[row] === true);
  }
  return { values, odds, loss };
}

function oddsOf(values: Float64Array, given: { factors: Float64Array; width: number; rows: number }): Float64Array {
  const { factors, width, rows } = given;
  const odds = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = values[0] ?? 0;
    for (let column = 0; column < width; column++)
      sum += (values[column + 1] ?? 0) * (factors[row * width + column] ?? 0);
    odds[row] = sum;
  }
  return odds;
}

function derivatives(
  { factors, width, lost, weights }: Observations,
  penalty: number,
  { values, odds }: State,
): { gradient: Float64Array; hessian: Matrix } {
  const size = width + 1;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const row = new Float64Array(size);
  row[0] = 1;
  for (let index = 0; index < odds.length; index++) {
    const weight = weights === null ? 1 : (weights[index] ?? 0);
    if (weight === 0) continue;
    for (let column = 0; column < width; column++) row[column + 1] = factors[index * width + column] ?? 0;
    const expected = 1 / (1 + Math.exp(-(odds[index] ?? 0)));
    const residual = weight * ((lost[index] === true ? 1 : 0) - expected);
    const curvature = weight * Math.max(expected * (1 - expected), 1e-12);
    for (let one = 0; one < size; one++) {
      const figure = row[one] ?? 0;
      const scaled = curvature * figure;
      gradient[one] = (gradient[one] ?? 0) + residual * figure;
      for (let other = 0; other <= one; other++) {
        const place = one * size + other;
        hessian[place] = (hessian[place] ?? 0) + scaled * (row[other] ?? 0);
      }
    }
  }
  for (let column = 1; column < size; column++) {
    gradient[column] = (gradient[column] ?? 0) - penalty * (values[column] ?? 0);
    hessian[column * size + column] = (hessian[column * size + column] ?? 0) + penalty;
  }
  return { gradient, hessian };
}

function padded(values: readonly number[], length: number): Float64Array {
  const all = new Float64Array(length);
  all.set(values);
  return all;
}

function moved(from: Float64Array, direction: Float64Array, scale: number): Float64Array {
  return from.map((value, index) => value + scale * (direction[index] ?? 0));
}

function shareLost({ lost, weights }: Observations): number {
  const all = weights === null ? lost.length : sum(weights);
  const those = lost.reduce((total, isLost, row) => total + (isLost ? (weights?.[row] ?? 1) : 0), 0);
  return those / all;
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}
