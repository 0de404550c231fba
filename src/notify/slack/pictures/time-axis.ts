/** The axis under a timeline: instants in the reader's zone, the length of what is broken, and which zone it is. */
import { formatDuration } from "../../../flow/duration.ts";
import { localDate, localTime } from "../../../flow/zone.ts";
import { moment } from "../format.ts";
import { paint } from "./step-face.ts";
import { element, figure, textLine } from "./svg.ts";
import { textWidth } from "./svg-text.ts";
import type { Stretch, TimeScale } from "./time-scale.ts";

export const axisHeight = 66;

const font = { size: 11.5, weight: 400 as const };
const labelGap = 10;
/** Within one linear stretch, about one tick in so many units. */
const tickEvery = 90;

export interface Axis {
  scale: TimeScale;
  /** The first and the last instant. */
  from: number;
  to: number;
  y: number;
  left: number;
  right: number;
  timezone: string;
  /** The last instant is now. */
  running: boolean;
}

interface Label {
  x: number;
  text: string;
  anchor: "start" | "middle" | "end";
  /** A second line. */
  below?: string;
  ticked: boolean;
}

export function timeAxis(axis: Axis): string {
  const { y, left, right, timezone } = axis;
  const stroke = { fill: "none", stroke: paint.line, "stroke-width": 1 };
  const drawn = withoutCollisions(labelsOf(axis)).map(({ x, text, anchor, below, ticked }) => {
    const write = (content: string, at: number) =>
      textLine({ ...font, x, y: at, content, anchor, fill: paint.muted, room: 200 });
    const tick = ticked ? element("path", { ...stroke, d: `M${figure(x)} ${figure(y)}v4` }) : "";
    return tick + write(text, y + 17) + (below === undefined ? "" : write(below, y + 31));
  });
  const content = `times in ${timezone.replaceAll("_", " ")}`;
  const zone = { ...font, x: right, y: y + 51, anchor: "end" as const, fill: paint.muted, room: right - left, content };
  return [element("path", { ...stroke, d: axisPath(axis) }), ...drawn, textLine(zone)].join("");
}

/** Jagged where time is broken. */
function axisPath({ scale, left, right, y }: Axis): string {
  const jags = breaksOf(scale).map(({ x, width }) => `H${figure(x + width / 2 - 6)}l3 -4l6 8l3 -4`);
  return `M${left} ${figure(y)}${jags.join("")}H${right}`;
}

function breaksOf({ stretches }: TimeScale): Stretch[] {
  return stretches.filter(({ broken }) => broken);
}

/** The most important first: where it starts and ends, how long a break is, when it goes on, and what lies between. */
function labelsOf(axis: Axis): Label[] {
  const { scale, from, to, left, right, timezone, running } = axis;
  const start: Label = { x: left, text: clock(from, axis), anchor: "start", below: date(from, axis), ticked: true };
  if (from === to) return [start];
  const isSameDay = localDate({ at: from, timezone }) === localDate({ at: to, timezone });
  const text = clock(to, axis);
  const end: Label = {
    x: right,
    text: running ? `now ${text}` : text,
    anchor: "end",
    ...(isSameDay ? {} : { below: date(to, axis) }),
    ticked: true,
  };
  const breaks = breaksOf(scale);
  const lengths = breaks.map((stretch): Label => {
    const length = formatDuration(stretch.to - stretch.from);
    return { x: stretch.x + stretch.width / 2, text: length, anchor: "middle", ticked: false };
  });
  const resumed = breaks
    .filter((stretch) => clock(stretch.to, axis) !== text)
    .map((stretch): Label => {
      return { x: stretch.x + stretch.width, text: clock(stretch.to, axis), anchor: "middle", ticked: true };
    });
  return [start, end, ...lengths, ...resumed, ...(breaks.length === 0 ? offsets(axis) : [])];
}

/** "+2 s": round distances from the start. */
function offsets({ scale, from, to, left, right }: Axis): Label[] {
  const step = roundSteps.find((each) => each * ((right - left) / tickEvery) >= to - from) ?? to - from;
  const count = Math.max(0, Math.ceil((to - from) / step) - 1);
  return Array.from({ length: count }, (_, index): Label => {
    const after = (index + 1) * step;
    return { x: scale.x(from + after), text: `+${formatDuration(after)}`, anchor: "middle", ticked: true };
  });
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const roundSteps = [
  [1, 2, 5, 10, 20, 50, 100, 200, 500],
  [1, 2, 5, 10, 15, 30].map((each) => each * second),
  [1, 2, 5, 10, 15, 30].map((each) => each * minute),
  [1, 2, 3, 6, 12].map((each) => each * hour),
  [1, 2, 7, 14, 28].map((each) => each * day),
].flat();

function withoutCollisions(labels: readonly Label[]): Label[] {
  const taken: { from: number; to: number }[] = [];
  return labels.filter((label) => {
    const own = extentOf(label);
    if (taken.some(({ from, to }) => own.from < to + labelGap && own.to > from - labelGap)) return false;
    taken.push(own);
    return true;
  });
}

function extentOf({ x, text, anchor, below }: Label): { from: number; to: number } {
  const width = Math.max(textWidth(text, font), textWidth(below ?? "", font));
  const from = anchor === "start" ? x : anchor === "end" ? x - width : x - width / 2;
  return { from, to: from + width };
}

/** Seconds where they tell instants apart. */
function clock(at: number, { from, to, timezone }: Axis): string {
  const local = localTime({ at, timezone });
  const parts = to - from < 10 * minute ? [local.hour, local.minute, local.second] : [local.hour, local.minute];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** "Fri 13 Nov". */
function date(at: number, { timezone }: Axis): string {
  return moment({ at, timezone }).replace(/ \S+$/, "");
}
