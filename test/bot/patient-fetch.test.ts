import { expect, test } from "vitest";
import { patientFetch } from "../../src/bot/patient-fetch.ts";

const throttled = (seconds: string) => new Response("{}", { status: 429, headers: { "retry-after": seconds } });

function patient(answers: Response[]) {
  const paused: number[] = [];
  let calls = 0;
  const fetch = patientFetch({
    fetch: () => {
      calls += 1;
      return Promise.resolve(answers.shift() ?? new Response("done"));
    },
    pause: async (ms) => void paused.push(ms),
  });
  return { ask: () => fetch("https://slack.test/api/chat.postMessage"), paused, calls: () => calls };
}

test("throttled for a moment, an answer waits and is given once", async () => {
  const { ask, paused, calls } = patient([throttled("1"), throttled("2")]);
  expect((await ask()).status).toBe(200);
  expect(paused).toEqual([1_000, 2_000]);
  expect(calls()).toBe(3);
});

test.each([
  ["for long", [throttled("30")], 1],
  ["again and again", [throttled("1"), throttled("1"), throttled("1")], 3],
])("throttled %s, it is handed back to be told", async (_how, answers, times) => {
  const { ask, calls } = patient(answers);
  expect((await ask()).status).toBe(429);
  expect(calls()).toBe(times);
});

test("an outage is not repeated: what was posted before the answer was lost would stand there twice", async () => {
  const { ask, calls } = patient([new Response("", { status: 503 })]);
  expect((await ask()).status).toBe(503);
  expect(calls()).toBe(1);
});
