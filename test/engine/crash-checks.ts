/** The ends that a sweep compares: of a life that died at a point, and of one that didn't. */
import { expect } from "vitest";
import type { SweptFlow } from "./crash-flows.ts";
import { liveAndDie, pointsOf, type Finish, type Point } from "./crash-sweep.ts";

/** Of every `each`-th point, or all; gives how many there were. */
export async function sweep(swept: SweptFlow, { each = 1 }: { each?: number } = {}): Promise<number> {
  const whole = await liveAndDie(swept, null);
  expect(whole).toMatchObject({ status: swept.status, outcome: swept.outcome, doubted: [] });
  const points = pointsOf(whole).filter((_point, index) => index % each === 0);
  for (const point of points) expectSameEnd({ swept, whole, point, finish: await liveAndDie(swept, point) });
  return points.length;
}

function expectSameEnd(parameters: { swept: SweptFlow; whole: Finish; point: Point; finish: Finish }): void {
  const { swept, whole, point } = parameters;
  const { doubted, notices, contacts, points: _points, ...finished } = parameters.finish;
  const { status, outcome, effects, cards, history, cases, logged } = whole;
  expect({ point, ...finished }).toEqual({ point, status, outcome, effects, cards, history, cases, logged });
  expect(notices).toBeLessThanOrEqual(whole.notices);
  // The calendar and the CRM know a key, Slack is asked: only of a mail can't it be told.
  expect(new Set([...doubted, "email"])).toEqual(new Set(["email"]));
  expect(doubted.length).toBeLessThanOrEqual(swept.doubts);
  // One that was in doubt may have arrived, so it counts beside the one that was sent again.
  expect(contacts).toBeGreaterThanOrEqual(whole.contacts);
  expect(contacts).toBeLessThanOrEqual(whole.contacts + doubted.length);
}
