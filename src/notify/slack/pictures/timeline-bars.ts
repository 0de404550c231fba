/** How a timeline draws what lies in time: bars of work and of waiting, marks of what happened, breaks in the scale. */
import { faceGlyph } from "./glyph.ts";
import { colours, paint } from "./step-face.ts";
import { element, figure, polyline } from "./svg.ts";
import type { Stretch, TimeScale } from "./time-scale.ts";
import type { Mark, Stay } from "./timeline-rows.ts";

/** What took no time at all is still there. */
const leastBar = 3;
const crossWidth = 9;

/** Where on the axis of time, and how far down. */
interface Placed {
  scale: TimeScale;
  y: number;
  /** No bar and no mark goes beyond. */
  right: number;
}

/** `y`: of its upper edge. */
export function bar({ stay, scale, y, height, right }: Placed & { stay: Stay; height: number }): string {
  const x = scale.x(stay.from);
  const length = Math.max(leastBar, scale.x(stay.to) - x);
  const { fill, line, dash } = looks[stay.kind];
  const inset = stay.kind === "retry" ? height / 4 : 0;
  const at = Math.min(x, right - length);
  const rect = element("rect", {
    x: at,
    y: y + inset,
    width: length,
    height: height - 2 * inset,
    rx: Math.min(3, length / 2),
    fill,
    stroke: line,
    "stroke-width": line === undefined ? undefined : 1.2,
    "stroke-dasharray": dash,
  });
  const hasCross = stay.kind === "failed" && length >= crossWidth && height >= crossWidth;
  return hasCross ? rect + cross(at + length / 2, y + height / 2) : rect;
}

/** Red alone isn't seen by everybody. */
function cross(x: number, y: number): string {
  const d = `M${figure(x - 2.4)} ${figure(y - 2.4)}l4.8 4.8m0 -4.8l-4.8 4.8`;
  return element("path", { d, stroke: "#ffffff", "stroke-width": 1.5, "stroke-linecap": "round" });
}

export interface Look {
  fill: string;
  line?: string;
  dash?: string;
}

/** Work is solid, waiting is hatched, what was lost is an empty outline. */
export const looks: Readonly<Record<Stay["kind"], Look>> = {
  succeeded: { fill: "#3f9d63" },
  failed: { fill: "#d14343" },
  running: { fill: "#4a86d8" },
  lost: { fill: "#ffffff", line: "#c02626", dash: "3 2.4" },
  approval: { fill: "url(#wait)", line: colours.waiting.line },
  wait: { fill: "url(#wait)", line: colours.waiting.line },
  doubt: { fill: "url(#wait)", line: colours.waiting.line },
  retry: { fill: "url(#retry)" },
};

export const patterns = element(
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

/** `y`: of its middle. */
export function drawnMark({ mark, scale, y, right }: Placed & { mark: Mark }): string {
  const x = Math.min(right, scale.x(mark.at));
  switch (mark.kind) {
    case "approve":
      return faceGlyph("succeeded", { x, y, ink: colours.succeeded.ink });
    case "reject":
      return faceGlyph("rejected", { x, y, ink: colours.rejected.ink });
    case "ended":
      return faceGlyph("expired", { x, y, ink: colours.expired.ink });
    case "effect":
      return effectMark({ x, y });
    default:
      return mark.kind satisfies never;
  }
}

export function effectMark({ x, y }: { x: number; y: number }): string {
  const d = `M${figure(x - 4.5)} ${figure(y)}l4.5 -5.5l4.5 5.5l-4.5 5.5Z`;
  return element("path", { d, fill: paint.text, stroke: "#ffffff", "stroke-width": 1.2 });
}

/** Two torn edges, and nothing between. */
export function tornBar({ stretch, y, height }: { stretch: Stretch; y: number; height: number }): string {
  const middle = stretch.x + stretch.width / 2;
  const edge = (x: number) =>
    [0, 1, 2, 3, 4].map((place) => ({ x: x + (place % 2 === 0 ? 2 : -2), y: y - 1 + (place * (height + 2)) / 4 }));
  const edges = [edge(middle - 4), edge(middle + 4)];
  const gap = element("path", {
    d: `${polyline([...(edges[0] ?? []), ...(edges[1] ?? []).toReversed()])}Z`,
    fill: "#ffffff",
  });
  const torn = { fill: "none", stroke: paint.line, "stroke-width": 1 };
  return gap + edges.map((points) => element("path", { ...torn, d: polyline(points) })).join("");
}
