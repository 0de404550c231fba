/**
 * A risk model's file: YAML in, a checked model or every problem with its place out; and a model as such a file.
 * Job: reading and writing of the text. Non-job: folders (`risk-models.ts`), what a model means (`risk-model.ts`).
 */
import type { z } from "zod";
import { createReport, didYouMean, inOrder, type Problem } from "../../../flow/flow-file/problem.ts";
import { placesIn, readYaml, stepInto, type SourceNode, toJson } from "../../../flow/flow-file/source.ts";
import { nearest } from "../../../flow/nearest.ts";
import { Factor, type Points, RiskModel, Term } from "./risk-model.ts";
import { signalNames } from "./signals.ts";

export type ReadModel = { ok: true; model: RiskModel } | { ok: false; problems: Problem[] };

export function readModel({ file, text }: { file: string; text: string }): ReadModel {
  const { report, found } = createReport({ file, place: placesIn(text) });
  const root = readYaml({ text, report, what: "a risk model" });
  if (root === null) return { ok: false, problems: inOrder(found) };
  const parsed = RiskModel.safeParse(toJson(root));
  if (parsed.success && found.length === 0) return { ok: true, model: parsed.data };
  for (const issue of parsed.error?.issues ?? []) {
    for (const { path, onKey, message } of told(issue, root)) report.error(placeOf(root, path, onKey), message);
  }
  return { ok: false, problems: inOrder(found) };
}

interface Told {
  path: PropertyKey[];
  /** The key itself is wrong, not what stands behind it. */
  onKey: boolean;
  message: string;
}

function told(issue: z.core.$ZodIssue, root: SourceNode): Told[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const message = `a risk model has no key "${key}" here${didYouMean(nearest(key, knownKeys(path)))}`;
      return { path: [...path, key], onKey: true, message };
    });
  }
  if (path.at(-1) === "signal" && issue.code === "invalid_value") {
    const written = writtenAt(root, path);
    const hint = didYouMean(nearest(written, signalNames)) || `; there are ${signalNames.join(", ")}`;
    return [{ path, onKey: false, message: `no source delivers "${written}"${hint}` }];
  }
  if (issue.code === "invalid_union") {
    const message = "points must be [[value, points], …] or { word: points }, each from -5 to 5";
    return [{ path, onKey: false, message }];
  }
  const name = path.filter((key) => typeof key === "string").at(-1);
  const words = issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  return [{ path, onKey: false, message: name === undefined ? words : `${name}: ${words}` }];
}

function knownKeys(path: readonly PropertyKey[]): string[] {
  if (path.length === 0) return Object.keys(RiskModel.shape);
  if (path.at(-1) === "cap") return Object.keys(Factor.shape.cap.shape);
  return Object.keys(path.includes("terms") ? Term.shape : Factor.shape);
}

/** Of the value at the path, or of the nearest that holds it. */
function placeOf(root: SourceNode, path: readonly PropertyKey[], onKey: boolean): number {
  let node = root;
  let at = root.at;
  for (const [index, key] of path.entries()) {
    const { value, entry } = stepInto(node, key);
    if (value === null) return at;
    node = value;
    at = entry !== null && onKey && index === path.length - 1 ? entry.keyAt : node.at;
  }
  return at;
}

function writtenAt(root: SourceNode, path: readonly PropertyKey[]): string {
  let node: SourceNode | null = root;
  for (const key of path) if (node !== null && node.kind !== "scalar") node = stepInto(node, key).value;
  return node?.kind === "scalar" ? node.written : "";
}

/** As a person would write it; reading it gives the same model. */
export function modelText(model: RiskModel): string {
  const factors = model.factors.flatMap(({ id, label, cap, terms }) => [
    `  - id: ${id}`,
    `    label: ${JSON.stringify(label)}`,
    `    cap: { raises: ${cap.raises}, reassures: ${cap.reassures} }`,
    "    terms:",
    ...terms.flatMap(({ signal, points }) => [`      - signal: ${signal}`, `        points: ${pointsText(points)}`]),
    "",
  ]);
  const { name, about, description, threshold, base } = model;
  const head = [
    `name: ${name}`,
    `about: ${about}`,
    `description: ${JSON.stringify(description)}`,
    `threshold: ${threshold}`,
    `base: ${base}`,
  ];
  return [...head, "", "factors:", ...factors].join("\n");
}

function pointsText(points: Points): string {
  if (Array.isArray(points)) return `[${points.map(([value, at]) => `[${value}, ${at}]`).join(", ")}]`;
  return `{ ${Object.entries(points)
    .map(([word, at]) => `${word}: ${at}`)
    .join(", ")} }`;
}
