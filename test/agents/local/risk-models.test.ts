import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { modelText, readModel } from "../../../src/agents/local/risk/model-file.ts";
import { evaluate, levelOf, logistic, RiskModel } from "../../../src/agents/local/risk/risk-model.ts";
import { builtInModels } from "../../../src/agents/local/risk/risk-models.ts";
import {
  eachSignal,
  signalNames,
  signals,
  type SignalName,
  type Signals,
} from "../../../src/agents/local/risk/signals.ts";
import { blocks, text } from "../../app/page.ts";
import { modelNamed } from "../support.ts";

function valueOf(name: SignalName): fc.Arbitrary<number | string> {
  const signal = signals[name];
  if (signal.kind === "word") return fc.constantFrom(...signal.words);
  return fc.double({ min: signal.min, max: Math.min(signal.max, 200), noNaN: true });
}

const anySignals: fc.Arbitrary<Signals> = fc.record(
  eachSignal((name) => fc.record({ value: fc.option(valueOf(name)), outdated: fc.boolean() })),
);

/** Any that the schema lets through, with one signal a factor. */
const anyModel: fc.Arbitrary<RiskModel> = fc
  .tuple(
    fc.integer({ min: -500, max: 500 }),
    fc.subarray([...signalNames], { minLength: 1 }).chain((names) =>
      fc.tuple(
        ...names.map((name) => {
          const signal = signals[name];
          const worth = fc.integer({ min: -200, max: 200 }).map((hundredths) => hundredths / 100);
          const points =
            signal.kind === "word"
              ? fc.record(Object.fromEntries(signal.words.map((word) => [word, worth])))
              : fc.tuple(worth, worth).map(([low, high]) => [
                  [signal.min, low],
                  [signal.min + 1, high],
                ]);
          return points.map((given) => ({
            id: `about_${name}`,
            label: name,
            cap: { raises: 1.5, reassures: 1.5 },
            terms: [{ signal: name, points: given }],
          }));
        }),
      ),
    ),
  )
  .map(([base, factors]) =>
    RiskModel.parse({
      name: "any_v1",
      about: "renewal",
      description: "Any",
      threshold: 0.7,
      base: base / 100,
      factors,
    }),
  );

describe("is any model honest, a customer's own too?", () => {
  it("never calls somebody safe with low confidence, and its contributions add up to the score", () => {
    fc.assert(
      fc.property(anyModel, anySignals, fc.nat(2), (model, given, doubts) => {
        const { score, base, contributions, confidence, level } = evaluate(model, given, { doubts });
        const sum = contributions.reduce((total, { hundredths }) => total + hundredths, base);
        expect(score).toBe(logistic(sum));
        expect(level).toBe(levelOf(score));
        expect(confidence === "low" && level === "low").toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it("is never surer for a doubt", () => {
    const order = ["low", "medium", "high"];
    fc.assert(
      fc.property(anyModel, anySignals, (model, given) => {
        const [sure, unsure] = [0, 1].map((doubts) => evaluate(model, given, { doubts }));
        expect(order.indexOf(unsure?.confidence ?? "")).toBeLessThanOrEqual(order.indexOf(sure?.confidence ?? ""));
        expect(unsure?.score ?? 0).toBeGreaterThanOrEqual(sure?.score ?? 1);
      }),
    );
  });

  it("says that too little is known as a contribution of its own, where that keeps it from being low", () => {
    const hopeful = { ...modelNamed("renewal_risk_v2"), base: -3 };
    const nothing = eachSignal(() => ({ value: null, outdated: false }));
    const { contributions, level, confidence } = evaluate(hopeful, nothing);
    expect(contributions.at(-1)).toEqual({ factor: "gaps", hundredths: 260 });
    expect([level, confidence]).toEqual(["medium", "low"]);
  });
});

describe("is a model readable data?", () => {
  it.each([...builtInModels()])("%s is read back as it is written", (_, model) => {
    expect(readModel({ file: "own.yml", text: modelText(model) })).toEqual({ ok: true, model });
  });

  it("the page's model is one", async () => {
    const page = await text("docs/models.md");
    const [file] = blocks(page).filter(({ kind }) => kind === "yaml");
    expect(readModel({ file: "models.md", text: file?.body ?? "" })).toMatchObject({ ok: true });
  });

  it("reads back any model as it is written", () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        expect(readModel({ file: "any.yml", text: modelText(model) })).toEqual({ ok: true, model });
      }),
      { numRuns: 50 },
    );
  });

  const good = `name: own_v1
about: renewal
description: Own
threshold: 0.7
base: 0
factors:
  - id: use
    label: Use
    cap: { raises: 1, reassures: 1 }
    terms:
      - signal: utilization
        points: [[0, 1], [1, -1]]
  - id: champion
    label: Champion
    cap: { raises: 1, reassures: 1 }
    terms:
      - signal: champion
        points: { left: 1, active: -1 }
`;

  it.each<[string, string, string, string]>([
    [
      "a factor that no source delivers",
      "signal: utilization",
      "signal: moon_phase",
      '11:17: no source delivers "moon_phase"',
    ],
    [
      "a slip in a signal",
      "signal: champion",
      "signal: champoin",
      '17:17: no source delivers "champoin"; did you mean champion?',
    ],
    [
      "a key that isn't there",
      "threshold: 0.7",
      "treshold: 0.7",
      '4:1: a risk model has no key "treshold" here; did you mean threshold?',
    ],
    [
      "a key of a factor",
      "    label: Use",
      "    lable: Use",
      '8:5: a risk model has no key "lable" here; did you mean label?',
    ],
    ["two factors of one id", "id: champion", "id: use", "13:9: id: there is a factor of that id already"],
    [
      "one signal weighed twice",
      "signal: champion\n        points: { left: 1, active: -1 }",
      "signal: utilization\n        points: [[0, 1]]",
      "17:17: signal: utilization is weighed twice",
    ],
    [
      "a curve for a word",
      "points: { left: 1, active: -1 }",
      "points: [[0, 1]]",
      "18:17: points: champion is a word: write { word: points }",
    ],
    [
      "words for a number",
      "points: [[0, 1], [1, -1]]",
      "points: { much: 1 }",
      "12:17: points: utilization is a number: write [[value, points], …]",
    ],
    [
      "a word that never comes",
      "left: 1, active: -1",
      "gone: 1, active: -1",
      "18:25: gone: gone is none of active, left",
    ],
    ["values that fall", "[[0, 1], [1, -1]]", "[[1, 1], [0, -1]]", "12:26: points: the values must rise"],
    ["a value of another unit", "[[0, 1], [1, -1]]", "[[0, 1], [70, -1]]", "12:26: points: 70 is not 0 to 3"],
    ["points beyond reason", "[[0, 1], [1, -1]]", "[[0, 100]]", "12:22: points: too big: expected number to be <=5"],
    ["the name of what isn't known", "id: use", "id: gaps", "7:9: id: can't be gaps"],
    ["a missing part", "base: 0\n", "", "1:1: base: invalid input"],
    ["no mapping at all", good, "- 1\n", "1:1: invalid input: expected object"],
    ["no YAML", "name: own_v1", "name: [own_v1", "2:1: this isn't YAML"],
  ])("%s has its place", (_, from, to, expected) => {
    const read = readModel({ file: "own.yml", text: good.replace(from, to) });
    const told = read.ok ? [] : read.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
    expect(told).toContainEqual(expect.stringContaining(expected));
  });
});
