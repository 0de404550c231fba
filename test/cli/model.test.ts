/** Do the commands on risk models answer, refuse what can't be meant, and never put anything to use by themselves? */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readModel } from "../../src/agents/local/risk/model-file.ts";
import { historyText } from "../agents/local/model/history-process.ts";
import { sitDown, type Line, type Sitting } from "./terminal-line.ts";

let sitting: Sitting;
beforeAll(async () => {
  sitting = await sitDown();
  await write("life.csv", historyText({ seed: 7, customers: 60 }));
  await write("coin.csv", historyText({ seed: 7, customers: 60, kind: "noise" }));
  await write("few.csv", historyText({ seed: 7, customers: 14 }));
});
afterAll(() => sitting.close());

async function write(name: string, text: string): Promise<void> {
  await writeFile(path(name), text);
}

function path(name: string): string {
  return join(sitting.folder, name);
}

function ask(part: string, history: string, ...args: string[]): Promise<Line> {
  return sitting.line("model", part, "--history", path(history), ...args);
}

describe("backtest", () => {
  it("shows two models side by side, and draws them", async () => {
    const png = path("backtest.png");
    const { code, out, err } = await ask("backtest", "life.csv", "--against", "renewal_risk_v1", "--picture", png);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^\d+ renewals of 60 customers, closed from 20/);
    for (const words of [
      /^MODEL +AUC +BRIER$/m,
      /^renewal_risk_v2 +0\.\d\d \(0\.\d\d to \d\.\d\d\) +0\.\d\d/m,
      /^difference +[+−]?0\.\d\d \(/m,
      /^0\.70 \* +\d+ +\d+ +\d+ % \(\d+ to \d+\) +\d+ %/m,
      /^0\.5 to 0\.6 +\d+ +\d+ +\d+ % +\d+ %/m,
      /^renewal_risk_v2 less renewal_risk_v1, on the same renewals/m,
      /^renewal_risk_v2 at 0\.70: (\d+) of \d+ cards right, \1 of \d+ lost found\.$/m,
    ])
      expect(out).toMatch(words);
    expect((await readFile(png)).toString("latin1", 1, 4)).toBe("PNG");
  });

  it("ends with 1 where the scores can't be told from chance", async () => {
    const { code, out } = await ask("backtest", "coin.csv");
    expect(code).toBe(1);
    expect(out).toContain("It can't be told from chance.");
  });

  it("counts a downgraded renewal as it is told to", async () => {
    const kept = await ask("backtest", "life.csv", "--json");
    const lost = await ask("backtest", "life.csv", "--downgraded", "lost", "--json");
    const [one, other] = [kept, lost].map(({ out }) => JSON.parse(out));
    expect(other.lost).toBe(one.lost + one.outcomes.downgraded);
    expect([one.downgraded_is_lost, other.downgraded_is_lost]).toEqual([false, true]);
  });

  it("says that all were kept, where all were kept", async () => {
    await write("kept.csv", "customer,closed_on,outcome,nps\nacme,2026-01-01,renewed,3\n");
    const { code, err } = await ask("backtest", "kept.csv");
    expect({ code, err }).toEqual({
      code: 1,
      err: `No renewal of ${path("kept.csv")} was lost, so nothing can be told apart.\n`,
    });
  });
});

describe("fit", () => {
  it("writes a proposal that reads as a model, to a new file alone", async () => {
    const out = path("renewal_risk_v3.yml");
    const fit = await ask("fit", "life.csv", "--out", out);
    expect(fit).toMatchObject({ code: 0, err: "" });
    expect(fit.out).toMatch(/^renewal_risk_v3 +0\.\d\d \(/m);
    expect(fit.out).toContain(`Written to ${out}, for somebody to review. Nothing uses it yet.`);
    const text = await readFile(out, "utf8");
    expect(text).toMatch(
      /^# Proposed by `revops model fit` on \d{4}-\d\d-\d\d from life\.csv, for somebody to review\.\n/,
    );
    expect(readModel({ file: out, text })).toMatchObject({ ok: true, model: { name: "renewal_risk_v3" } });
    // It is no model that a flow could name.
    expect((await ask("backtest", "life.csv", "--model", "renewal_risk_v3")).code).toBe(1);
    const again = await ask("fit", "life.csv", "--out", out);
    expect(again).toMatchObject({ code: 1, err: `${out} is there already; give the proposal a file of its own.\n` });
    expect(await readFile(out, "utf8")).toBe(text);
  });

  it.each([
    [
      "coin.csv",
      /^No skill: what this history teaches predicts customers that it hasn't seen no better than chance\./m,
    ],
    ["few.csv", /^Nothing is learnt: \d customers have a lost renewal; it takes 10\.$/m],
  ])("of %s writes nothing and ends with 1", async (history, words) => {
    const before = await readdir(sitting.folder);
    const { code, out } = await ask("fit", history, "--out", path("never.yml"));
    expect(code).toBe(1);
    expect(out).toMatch(words);
    expect(await readdir(sitting.folder)).toEqual(before);
  });
});

describe("a history with faults", () => {
  it("is refused with each place, and nothing is worked out", async () => {
    await write("bad.csv", "customer,closed_on,outcome,utilization,npz\nacme,2026-01-01,won,41,3\n");
    const { code, out, err } = await ask("backtest", "bad.csv");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err.split("\n")).toEqual([
      `${path("bad.csv")}:1:40: unknown column "npz": did you mean nps?`,
      `${path("bad.csv")}:2:17: outcome: "won" is not one of renewed, churned, downgraded`,
      `${path("bad.csv")}:2:21: utilization: "41" is not a number from 0 to 3, written like 1234.5; 41 % is written 0.41`,
      "Nothing is worked out of a history that can't be read in full.",
      "",
    ]);
  });

  it("is told to programs with all of its places, to people with the first fifty", async () => {
    await write("worse.csv", `customer,closed_on,outcome,nps\n${"acme,today,renewed,3\n".repeat(80)}`);
    const { err } = await ask("fit", "worse.csv");
    expect(err.trim().split("\n")).toHaveLength(52);
    expect(err).toContain("and 30 more like these");
    expect(JSON.parse((await ask("fit", "worse.csv", "--json")).out).problems).toHaveLength(80);
  });
});

describe("a line that can't be meant", () => {
  it.each([
    [["model"], 2, "After model comes backtest, fit or alarms."],
    [["model", "backtets"], 2, "Did you mean backtest?"],
    [["model", "backtest"], 2, "This command needs --history FILE, a CSV of closed renewals."],
    [["model", "backtest", "life.csv"], 2, '"life.csv" is too much'],
    [["model", "backtest", "--history", "life.csv", "--picture", "a.gif"], 2, "--picture must end with .svg or .png"],
    [["model", "backtest", "--history", "life.csv", "--out", "a.yml"], 2, "--out is for model fit"],
    [["model", "fit", "--history", "life.csv", "--against", "renewal_risk_v1"], 2, "--against is for model backtest."],
    [["model", "fit", "--history", "life.csv", "--downgraded", "maybe"], 2, "--downgraded must be one of lost, kept"],
    [["model", "fit", "--history", "life.csv", "--seed", "0"], 2, "--seed must be a whole number from 1"],
    [["model", "fit", "--history", "nowhere.csv"], 1, "There is no file nowhere.csv."],
    [["model", "fit", "--history", "."], 1, ". is a folder; name the CSV file in it."],
    [["model", "alarms", "--history", "life.csv"], 2, "--history isn't for model alarms"],
    [["model", "alarms", "--since", "soon"], 2, "--since must be an instant or a day"],
    [["model", "fit", "--history", "nowhere.csv", "--model", "renewal_risk_v9"], 1, "Did you mean renewal_risk_v"],
  ])("%j", async (args, code, words) => {
    const line = await sitting.line(...args);
    expect(line.code).toBe(code);
    expect(line.err).toContain(words);
    expect(line.out).toBe("");
  });
});

it("alarms of a store in which nobody was asked are none", async () => {
  const { code, out } = await sitting.line("model", "alarms", "--since", "2026-01-01");
  expect(code).toBe(0);
  expect(out).toMatch(/^0 executions since 2026-01-01 00:00\nNobody was asked about a risk\.\n$/);
});
