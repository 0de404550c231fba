/** Does the evaluator say what PostgreSQL says, over thousands of predicates, and does pushing them down lose nobody? */
import { afterAll, beforeAll, expect, it } from "vitest";
import { compare } from "./differential.ts";
import { startServer, type TestServer } from "./server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

it("thousands of random predicates have the server's answer", async () => {
  const found = await compare(server, { rounds: 50, perRound: 60, seed: 20_261_126 });
  const refused = [...found.refused.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `${found.predicates} predicates, ${found.answers} answers, ${found.pushedDown} pushed down at least in part, ${refused} refused`,
  );
  expect(found.differences.slice(0, 5)).toEqual([]);
  expect(found.predicates).toBeGreaterThan(2_500);
  expect(found.pushedDown).toBeGreaterThan(1_000);
});
