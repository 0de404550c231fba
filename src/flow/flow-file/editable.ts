/** Which outputs an approval's `editable` names: a field of exactly one step that it depends on, directly or not (A3). */
import type { EditableField, Step } from "../flow.ts";
import { nearest } from "../nearest.ts";
import type { EditableName } from "./approval.ts";
import { fieldsOf } from "./output-schema.ts";
import { didYouMean } from "./problem.ts";
import type { Report } from "./problem.ts";
import { predecessors } from "./step-graph.ts";
import { described } from "./step-output.ts";
import type { StepSource } from "./step.ts";

/** The steps with their editable fields found; what can't be found is reported. */
export function withEditable(sources: readonly StepSource[], report: Report): Step[] {
  return sources.flatMap((source): Step[] => {
    const { step } = source;
    if (step === null) return [];
    return [step.kind === "approval" ? { ...step, editable: editableOf({ source, sources, report }) } : step];
  });
}

interface Asked {
  source: StepSource;
  sources: readonly StepSource[];
  report: Report;
}

function editableOf({ source, sources, report }: Asked): EditableField[] {
  const before = predecessors(source, sources);
  const outputs = sources.flatMap(({ id, action, forEach }) =>
    id !== null && id !== source.id && before.has(id) && action !== null
      ? [{ step: id, fields: fieldsOf(described(action), []), repeats: forEach !== null }]
      : [],
  );
  const found = source.editable.flatMap((name) => meant({ name, outputs, report }) ?? []);
  return found.filter(
    ({ step, field }, index) => found.findIndex((each) => each.step === step && each.field === field) === index,
  );
}

interface Output {
  step: string;
  fields: string[];
  repeats: boolean;
}

function meant(asked: { name: EditableName; outputs: Output[]; report: Report }): EditableField | null {
  const { name, outputs, report } = asked;
  const { text, at } = name;
  const isMeant = ({ step, field }: EditableField) => field === text || `${step}.${field}` === text;
  const places = placesIn(outputs.filter(({ repeats }) => !repeats));
  const fitting = places.filter(isMeant);
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  if (fitting.length > 1) {
    const names = fitting.map(({ step, field }) => `${step}.${field}`);
    report.error(at, `"${text}" is a field of several steps; write ${names.join(" or ")}`);
    return null;
  }
  const repeating = placesIn(outputs).find(isMeant);
  if (repeating !== undefined) {
    report.error(at, `${repeating.step} repeats: each of its items has its own "${text}", and none can be edited`);
    return null;
  }
  const known = places.flatMap(({ step, field }) => (text.includes(".") ? `${step}.${field}` : field));
  const hint = didYouMean(nearest(text, known));
  report.error(at, `nothing that this approval depends on gives a field "${text}"${hint}`);
  return null;
}

function placesIn(outputs: readonly Output[]): EditableField[] {
  return outputs.flatMap(({ step, fields }) => fields.map((field) => ({ step, field })));
}
