/** What `compile --report` says of a flow on Step Functions: what is otherwise there, and what an execution takes. Pure. */
import type { Compiled, Sizes } from "../../asl/compile.ts";

type Report = Extract<Compiled, { ok: true }>["report"];

export function compileReport({ added, notes, estimate, sizes }: Report): string {
  const { transitions, events, requests, definitionBytes, cost, functionsCost, perItem } = estimate;
  const lines = [
    ...added.map((wait) => `added: ${wait.waits} waits for ${wait.for}`),
    ...notes.map(({ step, message }) => (step === null ? message : `${step}: ${message}`)),
    `An execution takes at most ${transitions} transitions ($${cost}), ${requests} requests to the functions ($${functionsCost}) and ${number(events)} events of 25,000, without retries.`,
    ...perItem.map(itemLine),
    `The definition has ${kibibytes(definitionBytes)} of 1,024 KiB.`,
    ...(sizes === null ? [] : sizeLines(sizes)),
  ];
  return lines.join("\n");
}

function itemLine({ step, transitions, events, requests, items, fits }: Report["estimate"]["perItem"][number]): string {
  const count = items === null ? "" : `, ${number(items)} of them`;
  return `Each item of ${step}: ${transitions} transitions, ${requests} requests, ${events} events${count}; the history has room for ${number(fits)}.`;
}

function sizeLines({ steps, book }: Sizes): string[] {
  return [
    "Of 256 KiB, by the actions' schemas, if no step fails:",
    ...steps.map(({ step, given, output }) => `  ${step}: is given ${sizeText(given)}, gives ${sizeText(output)}`),
    `  all results together: ${sizeText(book)}`,
  ];
}

function sizeText({ typical, most }: Sizes["book"]): string {
  if (most === typical) return bytes(most);
  return `about ${bytes(typical)} (${most === null ? "nothing bounds it" : `at most ${bytes(most)}`})`;
}

const bytes = (count: number): string => (count < 1024 ? `${count} bytes` : kibibytes(count));
const kibibytes = (count: number): string => `${number(Math.ceil(count / 1024))} KiB`;
const number = (count: number): string => count.toLocaleString("en");
