/**
 * A flow's graph as a picture: what its steps are and what depends on what; with an execution, how far it is.
 * Pure: the same flow and state give the same picture.
 */
import type { FlowDefinition, Step } from "../../../flow/flow.ts";
import { stepGlyph, faceGlyph } from "./glyph.ts";
import { headerHeight, headerWidth, pictureHeader } from "./header.ts";
import { layOut, type Layout, type PlacedBox, type PlacedEdge } from "./layered-layout.ts";
import { layersOf, widestOf } from "./layering.ts";
import type { Shown } from "./shown.ts";
import { detailWords, kindWords } from "./step-kind.ts";
import { colours, faceOf, paint, type Face } from "./step-face.ts";
import { stepWords } from "./step-words.ts";
import { drawing, element, figure, textLine, type Drawing } from "./svg.ts";
import { drawable, textWidth, wrapped, type Weight } from "./svg-text.ts";

/** More can't be read in one picture. */
export const mostStepsDrawn = 40;

const margin = 22;
const gapX = 20;
const leastWidth = 400;
/** The head alone makes no picture wider than this. */
const mostForHeader = 600;
const iconRoom = 38;
const padding = 12;
const faceRoom = 20;
/** More side by side can't be read in a thread. */
const mostInLayer = 3;
/** By how many boxes stand side by side at most. */
const widestBox = [356, 356, 216, 176];
const linesPerText = 3;

export function flowGraphSvg(parameters: { definition: FlowDefinition; shown: Shown | null }): Drawing {
  const { definition, shown } = parameters;
  const layout = layoutOf(definition, shown);
  const top = headerHeight + 14;
  const forHeader = Math.min(mostForHeader, headerWidth(definition, shown));
  const width = Math.max(leastWidth, forHeader, layout.width + 2 * margin);
  const left = (width - layout.width) / 2;
  const isOptional = optionalEdges(definition);
  const legend = isOptional.size === 0 ? [] : [optionalLegend({ x: margin, y: top + layout.height + 24 })];
  const height = top + layout.height + (legend.length === 0 ? 20 : 40);
  const edges = layout.edges.map((edge) => drawnEdge(edge, isOptional.has(keyOf(edge))));
  const steps = new Map(definition.steps.map((step) => [step.id, step]));
  const boxes = layout.boxes.flatMap((box) => {
    const step = steps.get(box.id);
    return step === undefined ? [] : [drawnBox({ box, step, shown })];
  });
  const graph = element(
    "g",
    { transform: `translate(${figure(left)} ${figure(top)})` },
    [...edges, ...boxes].join("\n"),
  );
  return drawing({ width, height, content: [pictureHeader({ definition, shown, width }), graph, ...legend] });
}

function layoutOf(definition: FlowDefinition, shown: Shown | null): Layout {
  const edges = definition.steps.flatMap((step) => step.depends_on.map(({ step: from }) => ({ from, to: step.id })));
  const layerOf = layersOf({ ids: definition.steps.map(({ id }) => id), edges, mostInLayer });
  const widest = widestOf(layerOf);
  const wanted = Math.max(...definition.steps.map((step) => iconRoom + padding + contentWidth(step, shown)));
  const width = Math.min(widestBox[widest] ?? 0, wanted);
  const boxes = definition.steps.map((step) => ({ id: step.id, width, height: boxHeight({ step, shown, width }) }));
  return layOut({ boxes, edges, layerOf, gapX, gapY: widest === 1 ? 26 : 36 });
}

interface BoxText {
  content: string;
  size: number;
  weight: Weight;
  fill: string;
  lineHeight: number;
  /** So that what is wrapped isn't taken for the next. */
  above: number;
  face: Face | null;
}

/** What the step is; once it is part of an execution, how it stands in its place. */
function textsOf(step: Step, shown: Shown | null): BoxText[] {
  const name = {
    content: step.id,
    size: 14,
    weight: 600 as const,
    fill: paint.text,
    lineHeight: 18,
    above: 0,
    face: null,
  };
  const state = shown?.execution.steps[step.id];
  if (shown !== null && state !== undefined) {
    const face = faceOf(state);
    const content = drawable(stepWords(state, shown.now));
    return [name, { content, size: 12.5, weight: 600, fill: colours[face].ink, lineHeight: 18, above: 0, face }];
  }
  const quiet = { size: 12.5, weight: 400 as const, fill: paint.muted, lineHeight: 17, face: null };
  const kind = { ...quiet, content: drawable(kindWords(step)), above: 0 };
  return [name, kind, ...detailWords(step).map((words) => ({ ...quiet, content: drawable(words), above: 4 }))];
}

function indentOf({ face }: BoxText): number {
  return face === null ? 0 : faceRoom;
}

function contentWidth(step: Step, shown: Shown | null): number {
  return Math.max(...textsOf(step, shown).map((text) => textWidth(text.content, text) + indentOf(text))) + 2;
}

function linesOf(text: BoxText, width: number): string[] {
  const room = width - iconRoom - padding - indentOf(text);
  return wrapped(text.content, { ...text, room, lines: linesPerText });
}

function boxHeight({ step, shown, width }: { step: Step; shown: Shown | null; width: number }): number {
  return textsOf(step, shown).reduce(
    (sum, text) => sum + text.above + text.lineHeight * linesOf(text, width).length,
    19,
  );
}

function drawnBox(parameters: { box: PlacedBox; step: Step; shown: Shown | null }): string {
  const { box, step, shown } = parameters;
  const texts = textsOf(step, shown);
  const face = texts.find((text) => text.face !== null)?.face ?? null;
  let baseline = box.y + 6;
  const written = texts.flatMap((text) => {
    const x = box.x + iconRoom + indentOf(text);
    baseline += text.above;
    const sign =
      text.face === null
        ? ""
        : faceGlyph(text.face, { x: x - faceRoom + 7, y: baseline + text.lineHeight - 4.5, ink: text.fill });
    const lines = linesOf(text, box.width).map((content) => {
      baseline += text.lineHeight;
      return textLine({ ...text, content, x, y: baseline, room: box.x + box.width - x });
    });
    return [sign, ...lines];
  });
  const icon = stepGlyph(step, { x: box.x + iconRoom / 2, y: box.y + box.height / 2, ink: paint.plain.ink });
  return element("g", {}, [boxOutline({ box, step, face }), icon, ...written].join(""));
}

/** An approval has a double border: a person stands in the way. */
function boxOutline({ box, step, face }: { box: PlacedBox; step: Step; face: Face | null }): string {
  const { tint, line } = face === null ? paint.plain : colours[face];
  const dashed = face === "skipped" || face === "pending";
  const rect = (inset: number, fill: string) =>
    element("rect", {
      x: box.x + inset,
      y: box.y + inset,
      width: box.width - 2 * inset,
      height: box.height - 2 * inset,
      rx: 9 - inset,
      fill,
      stroke: line,
      "stroke-width": 1.4,
      "stroke-dasharray": dashed ? "5 4" : undefined,
    });
  return step.kind === "approval" ? rect(0, "#ffffff") + rect(3, tint) : rect(0, tint);
}

function drawnEdge({ points }: PlacedEdge, optional: boolean): string {
  const [start, ...rest] = points;
  const end = points.at(-1);
  if (start === undefined || end === undefined) return "";
  let path = `M${figure(start.x)} ${figure(start.y)}`;
  let from = start;
  for (const [index, to] of rest.entries()) {
    // The last piece ends where the arrow's head begins.
    const y = index === rest.length - 1 ? to.y - arrow : to.y;
    const middle = (from.y + y) / 2;
    if (to.x === from.x) path += `V${figure(y)}`;
    else path += `C${figure(from.x)} ${figure(middle)} ${figure(to.x)} ${figure(middle)} ${figure(to.x)} ${figure(y)}`;
    from = to;
  }
  const head = `M${figure(end.x - 4.5)} ${figure(end.y - arrow)}h9L${figure(end.x)} ${figure(end.y - 1)}Z`;
  const line = { d: path, fill: "none", stroke: paint.line, "stroke-width": 1.5 };
  return (
    element("path", { ...line, "stroke-dasharray": optional ? "5 4" : undefined }) +
    element("path", { d: head, fill: paint.line })
  );
}

const arrow = 8;

function optionalEdges(definition: FlowDefinition): ReadonlySet<string> {
  return new Set(
    definition.steps.flatMap((step) =>
      step.depends_on.filter(({ optional }) => optional).map(({ step: from }) => keyOf({ from, to: step.id })),
    ),
  );
}

function keyOf({ from, to }: { from: string; to: string }): string {
  return `${from} ${to}`;
}

function optionalLegend({ x, y }: { x: number; y: number }): string {
  const d = `M${figure(x)} ${figure(y - 4)}h34`;
  const sample = element("path", { d, stroke: paint.line, "stroke-width": 1.5, "stroke-dasharray": "5 4" });
  const content = "optional: goes on however it ends";
  return sample + textLine({ x: x + 44, y, content, size: 12, fill: paint.muted, room: 320 });
}
