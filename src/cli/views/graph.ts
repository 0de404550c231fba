/** A graph in words: layer by layer, each step with what it is, what it comes after and, in an execution, how it stands. */
import type { FlowDefinition, Step } from "../../flow/flow.ts";
import { kindWords } from "../../notify/slack/pictures/step-kind.ts";
import { layersOf } from "../../notify/slack/pictures/layering.ts";
import type { Shown } from "../../notify/slack/pictures/shown.ts";
import { stepWords } from "../../notify/slack/pictures/step-words.ts";
import type { Paper } from "../paper.ts";
import { plain } from "../plain.ts";
import { table } from "../table.ts";
import { stepMarks } from "./execution.ts";

/** A flow, or an execution of it. */
export interface Seen {
  definition: FlowDefinition;
  shown: Shown | null;
}

interface Place {
  step: Step;
  /** From 1: those of one layer depend on none of each other. */
  layer: number;
}

export function graphDocument({ definition, shown }: Seen) {
  return {
    flow_id: definition.flow_id,
    version: definition.version,
    execution_id: shown?.execution.executionId ?? null,
    steps: placesOf(definition).map(({ step, layer }) => ({
      step_id: step.id,
      layer,
      kind: step.kind,
      what: kindWords(step),
      depends_on: step.depends_on.map((dependency) => ({ ...dependency })),
      status: shown?.execution.steps[step.id]?.status ?? null,
    })),
  };
}

export function graphText(paper: Paper, { definition, shown }: Seen): string {
  const about = shown?.execution.customer?.name ?? definition.description;
  const title = paper.mark("bold", `${definition.flow_id} ${plain(definition.version)}`);
  const places = placesOf(definition);
  const rows = places.map(({ step, layer }, index) => [
    places[index - 1]?.layer === layer ? "" : String(layer),
    paper.mark("bold", step.id),
    plain(kindWords(step)),
    afterWords(step),
    standing(paper, step, shown),
  ]);
  const head = about === null ? title : `${title} · ${plain(about)}`;
  return [head, "", table(paper, { heads: ["LAYER", "STEP", "WHAT", "AFTER", "STATUS"], rows })].join("\n");
}

/** https://mermaid.js.org, a flowchart: solid lines are required, dotted ones optional. */
export function mermaid({ definition, shown }: Seen): string {
  const nodes = definition.steps.map((step) => {
    const state = shown?.execution.steps[step.id];
    const lines = [step.id, kindWords(step), ...(state === undefined ? [] : [stepWords(state, shown?.now ?? 0)])];
    const [before, after] = step.kind === "approval" ? ["{{", "}}"] : ["[", "]"];
    return `  ${nodeOf(step.id)}${before}"${lines.map(quoted).join("<br/>")}"${after}`;
  });
  const edges = definition.steps.flatMap(({ id, depends_on }) =>
    depends_on.map(({ step, optional }) => `  ${nodeOf(step)} ${optional ? "-.->" : "-->"} ${nodeOf(id)}`),
  );
  return ["flowchart TD", ...nodes, ...edges].join("\n");
}

/** Some words, such as `end`, mean something to Mermaid. */
function nodeOf(id: string): string {
  return `step_${id}`;
}

/** As Mermaid writes characters that would mean something to it. */
function quoted(text: string): string {
  return plain(text).replaceAll(/["#<>&`]/g, (character) => `#${character.codePointAt(0) ?? 0};`);
}

function placesOf({ steps }: FlowDefinition): Place[] {
  const edges = steps.flatMap(({ id, depends_on }) => depends_on.map(({ step }) => ({ from: step, to: id })));
  const layers = layersOf({ ids: steps.map(({ id }) => id), edges, mostInLayer: Infinity });
  const places = steps.map((step) => ({ step, layer: (layers.get(step.id) ?? 0) + 1 }));
  return places.toSorted((one, other) => one.layer - other.layer);
}

function afterWords({ depends_on }: Step): string {
  return depends_on.map(({ step, optional }) => (optional ? `${step} (optional)` : step)).join(", ");
}

function standing(paper: Paper, { id }: Step, shown: Shown | null): string {
  const state = shown?.execution.steps[id];
  if (state === undefined || shown === null) return "";
  return paper.mark(stepMarks[state.status], plain(stepWords(state, shown.now)));
}
