/** The two assertions of the seed's tests, for a test that brings no library of its own. */
import { isDeepStrictEqual, inspect } from "node:util";

export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

export function assertIn(member: unknown, container: Iterable<unknown>): void {
  const members = [...container];
  if (members.some((one) => isDeepStrictEqual(one, member))) return;
  throw new AssertionError(`${inspect(member)} is not in ${inspect(members)}`);
}

export function assertEqual(expected: unknown, actual: unknown): void {
  if (isDeepStrictEqual(expected, actual)) return;
  throw new AssertionError(`expected ${inspect(expected)}, found ${inspect(actual)}`);
}
