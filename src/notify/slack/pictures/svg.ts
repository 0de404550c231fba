/** The few ways in which pictures write SVG: elements with rounded figures, and text that is safe and fits its room. */
import { drawable, escapeXml, fitted, type Weight } from "./svg-text.ts";

export interface Drawing {
  svg: string;
  /** In units of the picture; two pixels each when it is rasterised. */
  width: number;
  height: number;
}

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Names and values are ours, never from outside; content is SVG already. */
export function element(name: string, attributes: Attributes, content = ""): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${typeof value === "number" ? figure(value) : value}"`],
  );
  return content === "" ? `<${name}${written.join("")}/>` : `<${name}${written.join("")}>${content}</${name}>`;
}

export interface TextLine {
  x: number;
  /** Of the baseline. */
  y: number;
  /** From outside: raw. */
  content: string;
  size: number;
  weight?: Weight;
  fill: string;
  anchor?: "start" | "middle" | "end";
  /** What doesn't fit ends in an ellipsis. */
  room: number;
}

export function textLine({ x, y, content, size, weight = 400, fill, anchor = "start", room }: TextLine): string {
  const shown = fitted(drawable(content), { room, size, weight });
  if (shown === "") return "";
  const attributes = {
    x,
    y,
    "font-size": size,
    "font-weight": weight === 400 ? undefined : weight,
    fill,
    "text-anchor": anchor === "start" ? undefined : anchor,
  };
  return element("text", attributes, escapeXml(shown));
}

/** A light card with a border of its own, so that it stands on a dark page as on a light one. */
export function drawing(parameters: { width: number; height: number; content: string[] }): Drawing {
  const { width, height, content } = parameters;
  const card = element("rect", {
    x: 0.5,
    y: 0.5,
    width: width - 1,
    height: height - 1,
    rx: 10,
    fill: "#ffffff",
    stroke: "#d5dae1",
  });
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height,
    viewBox: `0 0 ${figure(width)} ${figure(height)}`,
    "font-family": "Inter",
  };
  return { svg: element("svg", attributes, [card, ...content].join("\n")), width, height };
}

/** `M x y L …` through the points. */
export function polyline(points: readonly { x: number; y: number }[]): string {
  return points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${figure(x)} ${figure(y)}`).join("");
}

export function figure(value: number): string {
  return String(Math.round(value * 100) / 100);
}
