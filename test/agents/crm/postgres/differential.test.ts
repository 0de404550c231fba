/** A sample of the long differential, with every run of the tests: does the evaluator say what PostgreSQL says? */
import { afterAll, beforeAll, expect, it } from "vitest";
import { compare } from "./differential.ts";
import { startServer, type TestServer } from "./server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

it("a hundred random predicates have the server's answer, and none that is pushed down loses a customer", async () => {
  const found = await compare(server, { rounds: 5, perRound: 20, seed: 7 });
  expect(found.differences).toEqual([]);
  expect(found.predicates).toBeGreaterThan(80);
  expect(found.pushedDown).toBeGreaterThan(20);
});
