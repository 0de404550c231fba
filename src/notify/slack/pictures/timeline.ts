/**
 * An execution's timeline as a picture: a row a step, with its attempts, its waits and what happened, over one axis of time.
 * Pure: the same state, instant and zone give the same picture.
 */
import { faceGlyph } from "./glyph.ts";
import { headerHeight, pictureHeader } from "./header.ts";
import type { Shown } from "./shown.ts";
import { colours, paint } from "./step-face.ts";
import { drawing, element, figure, polyline, textLine, type Drawing } from "./svg.ts";
import { textWidth } from "./svg-text.ts";
import { axisHeight, timeAxis } from "./time-axis.ts";
import { timeScale, type Stretch, type TimeScale } from "./time-scale.ts";
import { instantsOf, timelineRows, type Mark, type Row, type Stay } from "./timeline-rows.ts";

const width = 480;
const margin = 22;
const left = margin;
const right = width - margin;
const textLeft = left + 22;
const lineHeight = 18;
const barHeight = 12;
const rowGap = 13;
/** What took no time at all is still there. */
const leastBar = 3;
const crossWidth = 9;
const name = { size: 13, weight: 600 as const };
const quiet = { size: 12.5, weight: 400 as const };
const between = 14;

export function timelineSvg(parameters: Shown & { timezone: string }): Drawing {
  const { execution, now, timezone } = parameters;
  const rows = timelineRows(parameters, timezone);
  const running = execution.endedAt === null;
  const instants = [execution.startedAt, execution.endedAt ?? now, ...instantsOf(rows)];
  const from = Math.min(...instants);
  const to = Math.max(...instants);
  const scale = timeScale({ instants, left, right });
  let y = headerHeight + 6;
  const drawn = rows.map((row) => {
    const own = y;
    y += heightOf(row);
    return drawnRow({ row, scale, y: own });
  });
  const axis = timeAxis({ scale, from, to, y: y + 4, left, right, timezone, running });
  const header = pictureHeader({ definition: execution.definition, shown: parameters, width });
  const legend = timelineLegend({ rows, x: left, y: y + axisHeight - 11 });
  return drawing({ width, height: y + 4 + axisHeight, content: [patterns, header, ...drawn, axis, legend] });
}

function heightOf(row: Row): number {
  const text = 6 + lineHeight * (fitsBeside(row) ? 1 : 2);
  return row.stays.length === 0 ? text + 6 : text + barHeight + rowGap;
}

/** Words that are too long to stand beside the step's name stand below it. */
function fitsBeside({ stepId, words }: Row): boolean {
  return textLeft + textWidth(stepId, name) + between + textWidth(words, quiet) <= right;
}

function drawnRow({ row, scale, y }: { row: Row; scale: TimeScale; y: number }): string {
  const { ink } = colours[row.face];
  const beside = fitsBeside(row);
  const first = y + lineHeight;
  const second = beside ? first : first + lineHeight - 1;
  const fill = row.face === "pending" || row.face === "skipped" ? paint.muted : ink;
  const texts = [
    faceGlyph(row.face, { x: left + 7, y: first - 4.5, ink }),
    textLine({ ...name, x: textLeft, y: first, content: row.stepId, fill: paint.text, room: right - textLeft }),
    textLine({
      ...quiet,
      x: beside ? right : textLeft,
      y: second,
      content: row.words,
      fill,
      anchor: beside ? "end" : "start",
      room: right - textLeft,
    }),
  ];
  if (row.stays.length === 0) return texts.join("");
  const top = second + 6;
  const track = { x: left, y: top, width: right - left, height: barHeight, rx: 3, fill: "#f1f4f7" };
  return [
    ...texts,
    element("rect", track),
    ...row.stays.map((stay) => bar({ stay, scale, y: top })),
    ...scale.stretches.filter(({ broken }) => broken).map((stretch) => tornBar({ stretch, y: top })),
    ...row.marks.map((mark) => drawnMark({ mark, scale, y: top })),
  ].join("");
}

function bar({ stay, scale, y }: { stay: Stay; scale: TimeScale; y: number }): string {
  const x = scale.x(stay.from);
  const own = Math.max(leastBar, scale.x(stay.to) - x);
  const { fill, line, dash } = looks[stay.kind];
  const thin = stay.kind === "retry";
  const at = Math.min(x, right - own);
  const rect = element("rect", {
    x: at,
    y: thin ? y + 3 : y,
    width: own,
    height: thin ? barHeight - 6 : barHeight,
    rx: Math.min(3, own / 2),
    fill,
    stroke: line,
    "stroke-width": line === undefined ? undefined : 1.2,
    "stroke-dasharray": dash,
  });
  return stay.kind === "failed" && own >= crossWidth ? rect + cross(at + own / 2, y + barHeight / 2) : rect;
}

/** Red alone isn't seen by everybody. */
function cross(x: number, y: number): string {
  const d = `M${figure(x - 2.4)} ${figure(y - 2.4)}l4.8 4.8m0 -4.8l-4.8 4.8`;
  return element("path", { d, stroke: "#ffffff", "stroke-width": 1.5, "stroke-linecap": "round" });
}

interface Look {
  fill: string;
  line?: string;
  dash?: string;
}

/** Work is solid, waiting is hatched, what was lost is an empty outline. */
const looks: Readonly<Record<Stay["kind"], Look>> = {
  succeeded: { fill: "#3f9d63" },
  failed: { fill: "#d14343" },
  running: { fill: "#4a86d8" },
  lost: { fill: "#ffffff", line: "#c02626", dash: "3 2.4" },
  approval: { fill: "url(#wait)", line: colours.waiting.line },
  wait: { fill: "url(#wait)", line: colours.waiting.line },
  doubt: { fill: "url(#wait)", line: colours.waiting.line },
  retry: { fill: "url(#retry)" },
};

const patterns = element(
  "defs",
  {},
  [
    hatch({ id: "wait", back: "#fff3d6", ink: "#d9a23a", gap: 6 }),
    hatch({ id: "retry", back: "#f3f5f7", ink: "#b3bcc8", gap: 4 }),
  ].join(""),
);

function hatch({ id, back, ink, gap }: { id: string; back: string; ink: string; gap: number }): string {
  const square = { width: gap, height: gap };
  const line = element("path", { d: `M0 0V${gap}`, stroke: ink, "stroke-width": gap * 0.7 });
  const pattern = { id, ...square, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
  return element("pattern", pattern, element("rect", { ...square, fill: back }) + line);
}

function drawnMark({ mark, scale, y }: { mark: Mark; scale: TimeScale; y: number }): string {
  const x = Math.min(right, scale.x(mark.at));
  const middle = y + barHeight / 2;
  switch (mark.kind) {
    case "approve":
      return faceGlyph("succeeded", { x, y: middle, ink: colours.succeeded.ink });
    case "reject":
      return faceGlyph("rejected", { x, y: middle, ink: colours.rejected.ink });
    case "ended":
      return faceGlyph("expired", { x, y: middle, ink: colours.expired.ink });
    case "effect":
      return effectMark({ x, y: middle });
    default:
      return mark.kind satisfies never;
  }
}

function effectMark({ x, y }: { x: number; y: number }): string {
  const d = `M${figure(x - 4.5)} ${figure(y)}l4.5 -5.5l4.5 5.5l-4.5 5.5Z`;
  return element("path", { d, fill: paint.text, stroke: "#ffffff", "stroke-width": 1.2 });
}

/** Two torn edges, and nothing between. */
function tornBar({ stretch, y }: { stretch: Stretch; y: number }): string {
  const middle = stretch.x + stretch.width / 2;
  const edge = (x: number) =>
    [-1, 2.5, 6, 9.5, 13].map((below, index) => ({ x: x + (index % 2 === 0 ? 2 : -2), y: y + below }));
  const edges = [edge(middle - 4), edge(middle + 4)];
  const gap = element("path", {
    d: `${polyline([...(edges[0] ?? []), ...(edges[1] ?? []).toReversed()])}Z`,
    fill: "#ffffff",
  });
  const torn = { fill: "none", stroke: paint.line, "stroke-width": 1 };
  return gap + edges.map((points) => element("path", { ...torn, d: polyline(points) })).join("");
}

/** Only of what is there and doesn't say itself. */
function timelineLegend({ rows, x, y }: { rows: readonly Row[]; x: number; y: number }): string {
  const kinds = new Set(rows.flatMap(({ stays, marks }) => [...stays, ...marks].map(({ kind }) => kind)));
  const samples = legend.filter((entry) => entry.kinds.some((kind) => kinds.has(kind)));
  let at = x;
  return samples
    .map(({ sample, words }) => {
      const own = at;
      at += 24 + textWidth(words, legendFont) + 14;
      const text = textLine({ ...legendFont, x: own + 24, y, content: words, fill: paint.muted, room: 120 });
      return element("g", { transform: `translate(${figure(own)} ${figure(y - 8)})` }, sample) + text;
    })
    .join("");
}

const legendFont = { size: 11.5, weight: 400 as const };

function swatch({ fill, line, dash }: Look): string {
  const box = { x: 0.6, y: 0.6, width: 17, height: 8, rx: 2, fill, stroke: line, "stroke-dasharray": dash };
  return element("rect", { ...box, "stroke-width": line === undefined ? undefined : 1.2 });
}

const legend: readonly { kinds: readonly (Stay | Mark)["kind"][]; sample: string; words: string }[] = [
  { kinds: ["approval", "doubt", "wait"], sample: swatch(looks.approval), words: "waiting" },
  { kinds: ["retry"], sample: swatch(looks.retry), words: "until the next attempt" },
  { kinds: ["lost"], sample: swatch(looks.lost), words: "lost" },
  { kinds: ["effect"], sample: effectMark({ x: 9, y: 4.6 }), words: "sent" },
];
