/**
 * A flow as it is written, before it is checked: a tree of values, each with its place.
 *
 * Job: one numbering of places over all that a flow is made of, be it a file, a program's document or a flow that extends
 * another. Non-job: what the values mean.
 */
import { documentSource } from "./document.ts";
import { createReport, type Problem, type Reporting } from "./problem.ts";
import { placesIn, readYaml, type SourceNode } from "./source.ts";

/** Where people find a value. */
interface Location extends Pick<Problem, "file" | "line" | "column"> {
  /** "step assess_renewal_risk, parameters.threshold" of a program's flow; empty elsewhere. */
  path: string;
}

export interface FlowTree {
  /** As problems of others name it. */
  source: string;
  /** Null for a flow that a program made. */
  file: string | null;
  /** Null where there is nothing to read. */
  root: SourceNode | null;
  /** Its places are lines here, one a number, so that problems stand in the order of the tree. */
  reporting: Reporting;
  locate(at: number): Location;
  /** Above every place in it. */
  end: number;
}

export function fileTree({ file, text }: { file: string; text: string }): FlowTree {
  const reporting = numbered(file);
  const root = readYaml({ text, report: reporting.report, what: "a flow file" });
  const place = placesIn(text);
  const locate = (at: number) => ({ file, ...place(at), path: "" });
  return { source: file, file, root, reporting, locate, end: text.length + 1 };
}

/** A flow that a program has put together, with the keys of a file. */
export function programTree(asked: Pick<FlowTree, "source" | "file"> & { document: unknown }): FlowTree {
  const { source, file, document } = asked;
  const reporting = numbered(source);
  const { root, pathAt, end } = documentSource({ document, report: reporting.report });
  const locate = (at: number) => ({ file: source, line: 1, column: 1, path: pathAt(at) });
  return { source, file, root, reporting, locate, end };
}

/** Problems at their lines and columns. */
export function located(tree: Pick<FlowTree, "locate">, { line, message, severity }: Problem): Problem {
  const { path, ...place } = tree.locate(line - 1);
  return { ...place, message: path === "" ? message : `${path}: ${message}`, severity };
}

/** The text of a scalar; null: something else stands there, or nothing. */
export function textAt(node: SourceNode | null | undefined): string | null {
  return node?.kind === "scalar" && node.value !== null ? node.written : null;
}

function numbered(file: string): Reporting {
  return createReport({ file, place: (at) => ({ line: at + 1, column: 1 }) });
}
