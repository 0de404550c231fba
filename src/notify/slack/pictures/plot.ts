/** A plot in a picture: a frame with ticks, a title and the names of its axes, and what is drawn on its scales. */
import { paint } from "./step-face.ts";
import { element, figure, polyline, textLine } from "./svg.ts";

export interface Plot {
  /** Of the frame, in the picture. */
  left: number;
  top: number;
  width: number;
  height: number;
  title: string;
  across: Axis;
  up: Axis;
}

interface Axis {
  name: string;
  /** From, to. */
  range: readonly [number, number];
  ticks: readonly number[];
  written: (tick: number) => string;
}

export interface Point {
  x: number;
  y: number;
}

const small = { size: 11, weight: 400 as const };

/** Above the frame for the title, and below and beside it for the axes. */
export const plotRoom = { above: 30, below: 42, left: 46, right: 14 } as const;

export function plotFrame(plot: Plot): string {
  const { left, top, width, height, title, across, up } = plot;
  const bottom = top + height;
  return [
    textLine({ x: left, y: top - 12, content: title, size: 13, weight: 600, fill: paint.text, room: width }),
    ...up.ticks.flatMap((tick) => {
      const { y } = place(plot, { x: across.range[0], y: tick });
      const label = { x: left - 7, y: y + 4, content: up.written(tick), anchor: "end" as const };
      return [rule(`M${figure(left)} ${figure(y)}h${figure(width)}`), axisText({ ...label, room: plotRoom.left })];
    }),
    ...across.ticks.map((tick) => {
      const { x } = place(plot, { x: tick, y: up.range[0] });
      return axisText({ x, y: bottom + 16, content: across.written(tick), anchor: "middle", room: 40 });
    }),
    element("path", { d: `M${left} ${top}V${bottom}H${left + width}`, stroke: paint.line, fill: "none" }),
    axisText({ x: left + width, y: bottom + 32, content: `${across.name} →`, anchor: "end", room: width }),
    axisText({ x: left + width, y: top - 12, content: `↑ ${up.name}`, anchor: "end", room: width / 2 }),
  ].join("");
}

function axisText(line: { x: number; y: number; content: string; anchor: "middle" | "end"; room: number }): string {
  return textLine({ ...small, ...line, fill: paint.muted });
}

/** Where a value lies; what is beyond the range lies on its edge. */
export function place({ left, top, width, height, across, up }: Plot, { x, y }: Point): Point {
  return {
    x: left + width * within(x, across.range),
    y: top + height * (1 - within(y, up.range)),
  };
}

function within(value: number, [from, to]: readonly [number, number]): number {
  return to === from ? 0 : Math.min(1, Math.max(0, (value - from) / (to - from)));
}

export function line(
  plot: Plot,
  points: readonly Point[],
  look: { stroke: string; width?: number; dash?: string },
): string {
  if (points.length < 2) return "";
  return element("path", {
    d: polyline(points.map((point) => place(plot, point))),
    fill: "none",
    stroke: look.stroke,
    "stroke-width": look.width ?? 1.8,
    "stroke-dasharray": look.dash,
    "stroke-linejoin": "round",
  });
}

/** From 0 to a round figure at or above `most`, in four or five steps. */
export function roundTicks(most: number): number[] {
  if (!(most > 0)) return [0, 1];
  const power = 10 ** Math.floor(Math.log10(most / 4));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => most / (factor * power) <= 5) ?? 10) * power;
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}

function rule(d: string): string {
  return element("path", { d, stroke: paint.faint, "stroke-width": 1, fill: "none" });
}
