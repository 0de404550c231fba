/** The head of a picture: which flow, and of an execution about whom and how it stands. */
import { formatDuration } from "../../../flow/duration.ts";
import type { ExecutionState } from "../../../flow/execution.ts";
import type { FlowDefinition, Trigger } from "../../../flow/flow.ts";
import { oneLine } from "../escape.ts";
import { dotted } from "../format.ts";
import type { Shown } from "./shown.ts";
import { paint } from "./step-face.ts";
import { element, textLine } from "./svg.ts";
import { drawable, fitted, missing, textWidth } from "./svg-text.ts";

export const headerHeight = 62;
const margin = 22;

export function pictureHeader(parameters: { definition: FlowDefinition; shown: Shown | null; width: number }): string {
  const { definition, shown, width } = parameters;
  return head({ title: definition.flow_id, aside: definition.version, below: subtitle(definition, shown), width });
}

/** How wide the head would have to be for its second line to stand in full. */
export function headerWidth(definition: FlowDefinition, shown: Shown | null): number {
  return textWidth(subtitle(definition, shown), { size: 13, weight: 400 }) + 2 * margin + 2;
}

/** A title with a quieter word behind it, a line below, and a rule. */
export function head(parameters: { title: string; aside: string; below: string; width: number }): string {
  const { width } = parameters;
  const room = width - 2 * margin;
  const aside = { size: 13, weight: 400 as const };
  const asideWidth = Math.min(80, textWidth(parameters.aside, aside));
  const title = { size: 17, weight: 600 as const };
  const content = fitted(drawable(parameters.title), { ...title, room: room - asideWidth - 8 });
  const after = margin + textWidth(content, title) + 8;
  return [
    textLine({ ...title, x: margin, y: 29, content, fill: paint.text, room }),
    textLine({ ...aside, x: after, y: 29, content: parameters.aside, fill: paint.muted, room: 80 }),
    textLine({ x: margin, y: 49, content: parameters.below, size: 13, fill: paint.muted, room }),
    element("path", { d: `M0 ${headerHeight}H${width}`, stroke: paint.faint, "stroke-width": 1 }),
  ].join("");
}

function subtitle(definition: FlowDefinition, shown: Shown | null): string {
  return shown === null ? `starts ${startWords(definition)}` : executionWords(shown);
}

/** "Acme Robotics · completed · took 2 days 3 h". */
function executionWords({ execution, now }: Shown): string {
  const { startedAt, endedAt } = execution;
  const lasted = formatDuration((endedAt ?? now) - startedAt);
  return dotted([drawnName(execution), standing(execution), endedAt === null ? `${lasted} so far` : `took ${lasted}`]);
}

/** " for Acme Robotics"; nothing where it is about nobody. */
export function aboutWords(execution: Pick<ExecutionState, "customer">): string {
  const name = customerName(execution);
  return name === null ? "" : ` for ${name}`;
}

/** Null: it is about nobody. */
export function customerName({ customer }: Pick<ExecutionState, "customer">): string | null {
  if (customer === null) return null;
  return oneLine(customer.name.trim() === "" ? customer.id : customer.name, 120);
}

/** A name that our fonts don't have says less than the id. */
export function drawnName(execution: Pick<ExecutionState, "customer">): string | null {
  const name = customerName(execution);
  const { customer } = execution;
  return customer !== null && name !== null && drawable(name).includes(missing) ? customer.id : name;
}

/** An outcome says more than that it succeeded. */
export function standing({ status, outcome }: Pick<ExecutionState, "status" | "outcome">): string {
  return (outcome ?? status).replaceAll("_", " ");
}

export function startWords({ triggers }: Pick<FlowDefinition, "triggers">): string {
  const words = triggers.map(triggerWords).filter((each) => each !== null);
  return [...words, "by hand"].join(" · ");
}

function triggerWords(trigger: Trigger): string | null {
  switch (trigger.type) {
    case "schedule":
      return `on ${trigger.schedule}${trigger.timezone === null ? "" : ` ${trigger.timezone}`}`;
    case "event":
      return `on the event ${trigger.event}`;
    case "manual":
      return null;
    default:
      return trigger satisfies never;
  }
}
