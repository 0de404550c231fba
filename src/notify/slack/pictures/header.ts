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
  const room = width - 2 * margin;
  const version = { size: 13, weight: 400 as const };
  const versionWidth = Math.min(80, textWidth(definition.version, version));
  const title = { size: 17, weight: 600 as const };
  const name = fitted(definition.flow_id, { ...title, room: room - versionWidth - 8 });
  const after = margin + textWidth(name, title) + 8;
  return [
    textLine({ ...title, x: margin, y: 29, content: name, fill: paint.text, room }),
    textLine({ ...version, x: after, y: 29, content: definition.version, fill: paint.muted, room: 80 }),
    textLine({ x: margin, y: 49, content: subtitle(definition, shown), size: 13, fill: paint.muted, room }),
    element("path", { d: `M0 ${headerHeight}H${width}`, stroke: paint.faint, "stroke-width": 1 }),
  ].join("");
}

function subtitle(definition: FlowDefinition, shown: Shown | null): string {
  return shown === null ? `starts ${startWords(definition)}` : executionWords(shown);
}

/** "Acme Robotics · completed · took 2 days 3 h". */
function executionWords({ execution, now }: Shown): string {
  const { customer, startedAt, endedAt } = execution;
  const name = customerName(execution);
  // A name that our fonts don't have says less than the id.
  const shown = customer !== null && name !== null && drawable(name).includes(missing) ? customer.id : name;
  const lasted = formatDuration((endedAt ?? now) - startedAt);
  return dotted([shown, standing(execution), endedAt === null ? `${lasted} so far` : `took ${lasted}`]);
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
