/** What the bars and marks of a timeline mean. */
import { paint } from "./step-face.ts";
import { element, figure, textLine } from "./svg.ts";
import { textWidth } from "./svg-text.ts";
import { effectMark, looks, type Look } from "./timeline-bars.ts";
import type { Mark, Row, Stay } from "./timeline-rows.ts";

/** Only of what is there and doesn't say itself. */
export function timelineLegend({ rows, x, y }: { rows: readonly Row[]; x: number; y: number }): string {
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
