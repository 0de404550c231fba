/** The measured part of docs/figures.md: made from a report, so that no figure is copied by hand. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Figure, Report } from "./report.ts";
import { floorText, goalText, shown } from "./report-text.ts";

export const figuresFile = "docs/figures.md";
const begin = "<!-- measured: written by `npm run bench -- --write` -->";
const end = "<!-- measured: end -->";

/** Gives the file's name. */
export async function writeFiguresPage(report: Report): Promise<string> {
  // Nobody else pays for it.
  const { format } = await import("prettier");
  const path = join(import.meta.dirname, "..", figuresFile);
  const page = withFigures(await readFile(path, "utf8"), report);
  await writeFile(path, await format(page, { parser: "markdown", printWidth: 120 }));
  return figuresFile;
}

/** `page` with its measured part replaced. */
export function withFigures(page: string, report: Report): string {
  const [first, last] = [page.indexOf(begin), page.indexOf(end)];
  if (first < 0 || last < first) throw new Error(`${figuresFile} has no part between ${begin} and ${end}.`);
  return `${page.slice(0, first)}${begin}\n\n${figuresSection(report)}\n\n${page.slice(last)}`;
}

function figuresSection({ measured_at, machine, runs, measures, not_measured }: Report): string {
  const { before, after } = machine.load_average;
  const how = `Measured on ${measured_at.slice(0, 10)}: ${machine.processor}, ${machine.cores} cores, Node ${machine.node}, load average ${shown(before)} before and ${shown(after)} after. Medians of ${runs}, lowest to highest in brackets.`;
  const rows = measures.flatMap(({ name, figures }) =>
    figures.map((figure, index) => row(index === 0 ? `\`${name}\`` : "", figure)),
  );
  const table = [
    "| measure | median | of what | goal | reached | beside the bare writes of the same runs |",
    "| --- | ---: | --- | ---: | --- | --- |",
    ...rows,
  ].join("\n");
  const missing = not_measured.map((each) => `- ${each}`).join("\n");
  return `${how}\n\n${table}\n\nNot measured:\n\n${missing}`;
}

function row(measure: string, figure: Figure): string {
  const { unit, median, min, max, goal, reached } = figure;
  const range = `${shown(median)} (${shown(min)} to ${shown(max)})`;
  const cells = [measure, range, unit, goal === null ? "" : goalText(goal), verdict(reached), floorText(figure)];
  return `| ${cells.join(" | ")} |`;
}

function verdict(reached: boolean | null): string {
  if (reached === null) return "";
  return reached ? "yes" : "**no**";
}
