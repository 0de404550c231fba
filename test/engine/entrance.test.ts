/** Thousands started at once: some are driven, the rest wait; none is forgotten, none is driven twice. */
import { expect, test } from "vitest";
import type { ActionAnswer } from "../../src/agents/agent.ts";
import { Entrance } from "../../src/engine/entrance.ts";
import { noTime } from "../../src/testing/virtual-clock.ts";
import { agentStep, flow } from "./flows.ts";
import { startHarness } from "./harness.ts";
import { answer, scriptedAgents } from "./scripted-agents.ts";
import { VirtualClock } from "./virtual-clock.ts";

function entrance(realTime = noTime(new VirtualClock())) {
  const entered: string[] = [];
  const enter = (id: string) => entered.push(id);
  return { entered, entrance: new Entrance<string>({ width: 2, realTime, enter }) };
}

const standingTime = { ...noTime(new VirtualClock()), pause: () => new Promise<void>(() => {}) };

test("more come than may enter: each of the others follows one that leaves, in the order of their coming", () => {
  const { entrance: door, entered } = entrance(standingTime);
  expect(["a", "b", "c", "d"].map((id) => door.admit(id, id))).toEqual([true, true, false, false]);
  door.leave("b");
  door.leave("b");
  expect(entered).toEqual(["c"]);
  door.leave("a");
  expect(entered).toEqual(["c", "d"]);
  expect(door.isEmpty).toBe(true);
});

test("one that waits is asked for: it is given at once, and not let in a second time", () => {
  const { entrance: door, entered } = entrance(standingTime);
  for (const id of ["a", "b", "c", "d"]) door.admit(id, id);
  expect(door.take("c")).toBe("c");
  expect(door.take("c")).toBeNull();
  door.leave("a");
  door.leave("b");
  expect(entered).toEqual(["d"]);
});

test("those inside never leave: the others are let in all the same", async () => {
  const { entrance: door, entered } = entrance();
  for (const id of ["a", "b", "c", "d", "e", "f", "g"]) door.admit(id, id);
  await expect.poll(() => entered).toEqual(["c", "d", "e", "f", "g"]);
});

test("three hundred started at once on agents that take for ever: the last is aborted before it was driven, the others end", async () => {
  const held = Promise.withResolvers<ActionAnswer>();
  const asked: string[] = [];
  const agents = scriptedAgents({
    retrieve: ({ context }) => {
      asked.push(context.executionId);
      return held.promise;
    },
  });
  const { engine, store } = await startHarness({
    flows: [flow([agentStep("retrieve_data", "retrieve")], { input: {} })],
    agents,
    realTime: standingTime,
  });
  const start = () => engine.start({ flowId: "renewal", input: {}, person: null });
  const started = await Promise.all(Array.from({ length: 300 }, start));
  const last = started.at(-1)?.executionId ?? "";
  expect(await engine.abort({ executionId: last, person: null, compensate: false })).toMatchObject({
    kind: "recorded",
  });
  expect(await store.getHeader({ executionId: last })).toMatchObject({ status: "aborted" });
  held.resolve(answer({ usage: 0.4 }));
  await engine.idle();
  const { items } = await store.list({ filter: { status: "succeeded" }, limit: 400 });
  expect(items).toHaveLength(299);
  expect(new Set(asked).size).toBe(asked.length);
});
