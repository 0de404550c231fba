/**
 * An execution's timeline as a picture: a row a step, with its attempts, its waits and what happened, over one axis of time.
 * Pure: the same state, instant and zone give the same picture.
 */
import { faceGlyph } from "./glyph.ts";
import { headerHeight, pictureHeader } from "./header.ts";
import type { Shown } from "./shown.ts";
import { colours, paint } from "./step-face.ts";
import { drawing, element, textLine, type Drawing } from "./svg.ts";
import { textWidth } from "./svg-text.ts";
import { axisHeight, timeAxis } from "./time-axis.ts";
import { timeScale, type TimeScale } from "./time-scale.ts";
import { bar, drawnMark, patterns, tornBar } from "./timeline-bars.ts";
import { timelineLegend } from "./timeline-legend.ts";
import { instantsOf, timelineRows, type Row } from "./timeline-rows.ts";

const width = 480;
const margin = 22;
const left = margin;
const right = width - margin;
const between = 14;
const stepGap = 13;
const partGap = 7;

/** How a row is drawn: a step's own, or one of a part of it. */
interface Measure {
  /** Of its sign; its text stands beside it. */
  left: number;
  textLeft: number;
  lineHeight: number;
  barHeight: number;
  sign: number;
  name: { size: number; weight: 400 | 600 };
  quiet: { size: number; weight: 400 };
}

const own: Measure = {
  left,
  textLeft: left + 22,
  lineHeight: 18,
  barHeight: 12,
  sign: 7,
  name: { size: 13, weight: 600 },
  quiet: { size: 12.5, weight: 400 },
};
const part: Measure = {
  left: own.textLeft,
  textLeft: own.textLeft + 17,
  lineHeight: 15,
  barHeight: 6,
  sign: 5,
  name: { size: 11.5, weight: 400 },
  quiet: { size: 11.5, weight: 400 },
};

function measureOf({ isPart }: Row): Measure {
  return isPart ? part : own;
}

export function timelineSvg(parameters: Shown & { timezone: string }): Drawing {
  const { execution, now, timezone } = parameters;
  const rows = timelineRows(parameters, timezone);
  const running = execution.endedAt === null;
  const instants = [execution.startedAt, execution.endedAt ?? now, ...instantsOf(rows)];
  const from = Math.min(...instants);
  const to = Math.max(...instants);
  const scale = timeScale({ instants, left, right });
  let y = headerHeight + 6;
  const drawn = rows.map((row, index) => {
    const top = y;
    y += heightOf(row, rows[index + 1]);
    return drawnRow({ row, scale, y: top });
  });
  const axis = timeAxis({ scale, from, to, y: y + 4, left, right, timezone, running });
  const header = pictureHeader({ definition: execution.definition, shown: parameters, width });
  const legend = timelineLegend({ rows, x: left, y: y + axisHeight - 11 });
  return drawing({ width, height: y + 4 + axisHeight, content: [patterns, header, ...drawn, axis, legend] });
}

/** With the gap to the next: parts stand close to their step, and far from the step after it. */
function heightOf(row: Row, next: Row | undefined): number {
  const { lineHeight, barHeight } = measureOf(row);
  const text = 6 + lineHeight * (fitsBeside(row) ? 1 : 2);
  const gap = next?.isPart === true ? partGap : stepGap;
  return row.stays.length === 0 ? text + gap - 7 : text + barHeight + gap;
}

/** Words that are too long to stand beside the row's name stand below it. */
function fitsBeside(row: Row): boolean {
  const { textLeft, name, quiet } = measureOf(row);
  return textLeft + textWidth(row.label, name) + between + textWidth(row.words, quiet) <= right;
}

function drawnRow({ row, scale, y }: { row: Row; scale: TimeScale; y: number }): string {
  const measure = measureOf(row);
  const beside = fitsBeside(row);
  const first = y + measure.lineHeight;
  const second = beside ? first : first + measure.lineHeight - 1;
  const texts = rowTexts({ row, measure, beside, first, second });
  if (row.stays.length === 0) return texts;
  const top = second + 6;
  const { barHeight } = measure;
  const track = { x: left, y: top, width: right - left, height: barHeight, rx: 3, fill: "#f1f4f7" };
  return [
    texts,
    element("rect", track),
    ...row.stays.map((stay) => bar({ stay, scale, y: top, height: barHeight, right })),
    ...scale.stretches.filter(({ broken }) => broken).map((stretch) => tornBar({ stretch, y: top, height: barHeight })),
    ...row.marks.map((mark) => drawnMark({ mark, scale, y: top + barHeight / 2, right })),
  ].join("");
}

function rowTexts(parts: { row: Row; measure: Measure; beside: boolean; first: number; second: number }): string {
  const { row, measure, beside, first, second } = parts;
  const { name, quiet, textLeft, sign } = measure;
  const ink = row.face === null ? paint.muted : colours[row.face].ink;
  const isQuiet = row.face === null || row.face === "pending" || row.face === "skipped";
  return [
    row.face === null ? "" : faceGlyph(row.face, { x: measure.left + sign, y: first - 4.5, ink }, sign),
    textLine({
      ...name,
      x: textLeft,
      y: first,
      content: row.label,
      fill: row.isPart ? paint.muted : paint.text,
      room: right - textLeft,
    }),
    textLine({
      ...quiet,
      x: beside ? right : textLeft,
      y: second,
      content: row.words,
      fill: isQuiet ? paint.muted : ink,
      anchor: beside ? "end" : "start",
      room: right - textLeft,
    }),
  ].join("");
}
