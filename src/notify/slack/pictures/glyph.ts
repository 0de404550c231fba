/** Small signs, drawn as paths so that no font has to have them: what a step is, and how it stands. */
import type { AgentName, Step } from "../../../flow/flow.ts";
import type { Face } from "./step-face.ts";
import { element, figure } from "./svg.ts";

interface At {
  /** Of the middle. */
  x: number;
  y: number;
  ink: string;
}

/** A disc of `radius` with the sign of a state on it. */
export function faceGlyph(face: Face, { x, y, ink }: At, radius = 7): string {
  const scale = figure(radius / 8);
  const at = `translate(${figure(x)} ${figure(y)}) scale(${scale})`;
  if (face === "pending") {
    const ring = { r: 6.5, fill: "#ffffff", stroke: ink, "stroke-width": 1.6, "stroke-dasharray": "2.6 2.5" };
    return element("g", { transform: at }, element("circle", ring));
  }
  const disc = element("circle", { r: 8, fill: ink });
  const sign = element("path", {
    d: signs[face],
    fill: "none",
    stroke: "#ffffff",
    "stroke-width": 2,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  });
  return element("g", { transform: at }, disc + sign);
}

const signs: Readonly<Record<Exclude<Face, "pending">, string>> = {
  succeeded: "M-3.6 0.2L-1 2.9L3.7 -2.6",
  failed: "M-2.8 -2.8L2.8 2.8M2.8 -2.8L-2.8 2.8",
  // Two bars: it pauses.
  waiting: "M-1.9 -3V3M1.9 -3V3",
  // Filled by its own stroke: it plays.
  running: "M-1.6 -3L3 0L-1.6 3Z",
  skipped: "M-3.6 -2.8L-0.8 0L-3.6 2.8M0.6 -2.8L3.4 0L0.6 2.8",
  aborted: "M-2.3 -2.3H2.3V2.3H-2.3Z",
  rejected: "M-3.6 0H3.6",
  expired: "M0 -3.6V0.2L2.6 1.9",
};

export function stepGlyph(step: Step, { x, y, ink }: At): string {
  const path = element("path", {
    d: pathOf(step),
    fill: "none",
    stroke: ink,
    "stroke-width": 1.6,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  });
  return element("g", { transform: `translate(${figure(x)} ${figure(y)})` }, path);
}

function pathOf(step: Step): string {
  switch (step.kind) {
    case "agent":
      return agents[step.agent];
    case "approval":
      return person;
    case "wait":
      return clock;
    case "flow":
      return arrows;
    default:
      return step satisfies never;
  }
}

const clock = "M0 -7A7 7 0 1 0 0 7A7 7 0 1 0 0 -7M0 -4V0.4L3 2.4";
/** One thing that leads to several. */
const arrows = "M-7 0H-1M-1 0L5 -5M-1 0L5 5M2 -5.4H5.4V-2M5.4 2V5.4H2";
const person = "M0 -1.4A3.1 3.1 0 1 0 0 -7.6A3.1 3.1 0 1 0 0 -1.4M-6.6 7.2C-6.6 0.2 6.6 0.2 6.6 7.2Z";
const agents: Readonly<Record<AgentName, string>> = {
  // A store of data.
  data_agent: "M-6 -5C-6 -8 6 -8 6 -5C6 -2 -6 -2 -6 -5V5C-6 8 6 8 6 5V-5M-6 0C-6 3 6 3 6 0",
  // A scale that has weighed.
  decision_agent: "M-6.5 7V1.5M-2.2 7V-2.5M2.2 7V-0.5M6.5 7V-6.5",
  // Something that leaves.
  execution_agent: "M-7 -0.6L7 -6.8L2.6 7L-1 1.6ZM-1 1.6L7 -6.8",
};
