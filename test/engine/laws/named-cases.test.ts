/** Cases that have broken a law, as small as they could be made. */
import { expect, test } from "vitest";
import type { Case } from "./case.ts";
import { hostilities } from "./hostilities.ts";
import { brokenLaws } from "./laws.ts";

test("redriven while another has its place: nothing of it begins before its turn", async () => {
  const lived: Case = {
    flow: { steps: [{ kind: "act" }, { kind: "act", outcomes: ["throttled"] }], limit: 1 },
    moves: [
      { move: "abort", nth: 0, compensate: true },
      { move: "start", customer: 1 },
      { move: "redrive", nth: 3, from: null },
    ],
  };
  expect(await brokenLaws(lived)).toEqual([]);
});

test("who wakes up only to find that all of it is another's now is quiet", async () => {
  const lived: Case = {
    flow: { steps: [{ kind: "act" }] },
    moves: [
      { move: "freeze" },
      { move: "redrive", nth: 0, from: 7 },
      { move: "abort", nth: 2, compensate: true },
      { move: "thaw" },
    ],
  };
  expect(await brokenLaws(lived, { ...hostilities.frozen, seed: 2 })).toEqual([]);
});

test("a step that repeats is taken back and redriven: what its items send then has keys of its own", async () => {
  const lived: Case = {
    flow: {
      steps: [
        { kind: "notify", compensate: "act", each: 1 },
        { kind: "wait", after: [{ step: 0 }] },
      ],
    },
    moves: [
      { move: "abort", nth: 0, compensate: true },
      { move: "redrive", nth: 0, from: null },
    ],
  };
  expect(await brokenLaws(lived)).toEqual([]);
});

test("a sub-flow has ended and its end can't be read just then: its step doesn't wait for ever", async () => {
  const lived: Case = {
    flow: { steps: [{ kind: "flow", on_error: "continue", when: "true", each: 1, child: "breaks" }], notice: true },
    moves: [{ move: "redrive", nth: 0, from: 0 }],
  };
  expect(await brokenLaws(lived, { ...hostilities.throttled, seed: 20783 })).toEqual([]);
});

test("the answer to a redrive was lost: the execution goes on all the same", async () => {
  const lived: Case = {
    flow: {
      steps: [
        { kind: "approval", when: "true", timeout_ms: 1_800_000 },
        { kind: "flow", on_error: "continue", child: "works" },
        { kind: "wait", wait_ms: 0 },
      ],
      notice: true,
      overlap: "allow",
    },
    moves: [
      { move: "start", customer: 0 },
      { move: "start", customer: 0 },
      { move: "pass", ms: 172_800_000 },
      { move: "restart" },
      { move: "jump", ms: 14_400_000 },
      { move: "redrive", nth: 0, from: 0 },
    ],
  };
  expect(await brokenLaws(lived, { ...hostilities.deaf, seed: 20_783 })).toEqual([]);
});

test("it dies between noting a sub-flow that has ended and its end: the step doesn't wait for ever", async () => {
  const lived: Case = {
    flow: {
      steps: [
        { kind: "flow", child: "works" },
        { kind: "act", when: "true", timeout_ms: 1_800_000, max_attempts: 1 },
      ],
    },
    moves: [
      { move: "die", where: "store", number: 3, when: "before" },
      { move: "redrive", nth: 0, from: 0 },
    ],
  };
  expect(await brokenLaws(lived, { ...hostilities.none, seed: 20_783 })).toEqual([]);
});
