/** Does every timer ring once, in order and not too early, however far away it is and however the time is moved? */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AppClock, systemRandomness, systemTime } from "../../src/app/app-clock.ts";

const day = 86_400_000;

/** Real time, which the fake timers drive, and an offset, as the sandbox's clock has it. */
function movable() {
  const source = { offset: 0, now: () => performance.now() + source.offset };
  const clock = new AppClock(source);
  const rung: string[] = [];
  return { source, clock, rung, ring: (name: string) => () => void rung.push(name) };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("timers", () => {
  it("ring at their instant, not before, and once", () => {
    const { clock, rung, ring } = movable();
    clock.at(clock.now() + 1_000, ring("a"));
    vi.advanceTimersByTime(999);
    expect(rung).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(rung).toEqual(["a"]);
    vi.advanceTimersByTime(day);
    expect(rung).toEqual(["a"]);
  });

  it("ring in the order of their instants, not of their setting", () => {
    const { clock, rung, ring } = movable();
    const now = clock.now();
    clock.at(now + 300, ring("third"));
    clock.at(now + 100, ring("first"));
    clock.at(now + 200, ring("second"));
    vi.advanceTimersByTime(300);
    expect(rung).toEqual(["first", "second", "third"]);
  });

  it("ring soon when their instant has passed already", () => {
    const { clock, rung, ring } = movable();
    clock.at(clock.now() - day, ring("late"));
    expect(rung).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(rung).toEqual(["late"]);
  });

  it("don't ring once they are given up, and leave the others be", () => {
    const { clock, rung, ring } = movable();
    const giveUp = clock.at(clock.now() + 100, ring("given up"));
    clock.at(clock.now() + 100, ring("kept"));
    giveUp();
    vi.advanceTimersByTime(100);
    expect(rung).toEqual(["kept"]);
  });

  it("may set the next one, and give up one that is due with them", () => {
    const { clock, rung, ring } = movable();
    const now = clock.now();
    const giveUp = { run: () => {} };
    clock.at(now + 100, () => {
      ring("first")();
      giveUp.run();
      clock.at(now + 100, ring("at once"));
      clock.at(now + 150, ring("next"));
    });
    giveUp.run = clock.at(now + 100, ring("given up"));
    vi.advanceTimersByTime(150);
    expect(rung).toEqual(["first", "at once", "next"]);
  });
});

describe("a timer further away than setTimeout reaches", () => {
  it("rings at its instant, not at once", () => {
    const { clock, rung, ring } = movable();
    clock.at(clock.now() + 60 * day, ring("far"));
    vi.advanceTimersByTime(60 * day - 1);
    expect(rung).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(rung).toEqual(["far"]);
  });

  it("doesn't hold up a nearer one that is set later", () => {
    const { clock, rung, ring } = movable();
    clock.at(clock.now() + 60 * day, ring("far"));
    clock.at(clock.now() + 10, ring("near"));
    vi.advanceTimersByTime(10);
    expect(rung).toEqual(["near"]);
  });
});

describe("when the time is moved", () => {
  it("a ring runs what has become due, earliest first, and nothing else", () => {
    const { clock, source, rung, ring } = movable();
    const now = clock.now();
    clock.at(now + 2 * day, ring("two days"));
    clock.at(now + day, ring("one day"));
    clock.at(now + 3 * day, ring("three days"));
    source.offset = 2 * day;
    clock.ring();
    expect(rung).toEqual(["one day", "two days"]);
    vi.advanceTimersByTime(day);
    expect(rung).toEqual(["one day", "two days", "three days"]);
  });

  it("a clock set back by its owner makes nothing ring early", () => {
    const { clock, source, rung, ring } = movable();
    clock.at(clock.now() + 1_000, ring("a"));
    source.offset = -500;
    vi.advanceTimersByTime(1_000);
    expect(rung).toEqual([]);
    vi.advanceTimersByTime(500);
    expect(rung).toEqual(["a"]);
  });
});

it("keeps no process alive", () => {
  vi.useRealTimers();
  const clock = new AppClock(systemTime);
  const before = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const giveUp = clock.at(clock.now() + day, () => {});
  expect(process.getActiveResourcesInfo().filter((name) => name === "Timeout")).toHaveLength(before);
  giveUp();
});

describe("randomness", () => {
  it("gives fractions from 0 to below 1, and hexadecimal of the length asked for", () => {
    const fractions = Array.from({ length: 1_000 }, () => systemRandomness.fraction());
    expect(fractions.every((fraction) => fraction >= 0 && fraction < 1)).toBe(true);
    expect(new Set(fractions).size).toBeGreaterThan(990);
    expect(systemRandomness.hex(16)).toMatch(/^[0-9a-f]{32}$/);
  });
});
