/** What the doctor found: what isn't fine first, each with what to do. */
import { checkStates, summary, type Check } from "../../flow/check-up.ts";
import { count } from "../../notify/slack/format.ts";
import type { Message } from "./message.ts";
import { listBlocks, section } from "./rows.ts";
import { shown } from "./text.ts";

/** A sentence that lists every column of the customers is one to read to its end. */
const mostShown = 600;

export function checkUpMessage(checks: readonly Check[]): Message {
  const { problems, warnings } = summary(checks);
  const found = [
    ...(problems === 0 ? [] : [count(problems, "problem")]),
    ...(warnings === 0 ? [] : [count(warnings, "warning")]),
  ];
  const text = found.length === 0 ? "All is well." : `The doctor found ${found.join(" and ")}.`;
  const worstFirst = checks.toSorted((a, b) => checkStates.indexOf(b.state) - checkStates.indexOf(a.state));
  return { text, blocks: [section(`*${text}*`), ...listBlocks([{ heading: null, rows: worstFirst.map(row) }]).blocks] };
}

function row({ about, state, message, advice }: Check): string {
  const mark = state === "ok" ? "" : `*${state}* `;
  return [
    `${mark}${shown(about)}: ${shown(message, mostShown)}`,
    ...(advice === null ? [] : [`      ${shown(advice, mostShown)}`]),
  ].join("\n");
}
