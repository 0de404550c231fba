/** Ending an execution: the question with what it would end, its buttons that name it, and what has been ended. */
import type { Button, KnownBlock } from "@slack/types";
import { actionIds, encodeExecution, type ActionId } from "../../notify/slack/action-ids.ts";
import { actions, button, context, section } from "../../notify/slack/blocks.ts";
import { count, dotted, list, number } from "../../notify/slack/format.ts";
import type { AbortFacts } from "./abort-facts.ts";
import { instant } from "./instant.ts";
import { sentence, type Message } from "./message.ts";
import { code, shown } from "./text.ts";

const namesShown = 12;

export function abortConfirmation({ compensate, ...facts }: AbortFacts & { compensate: boolean }): Message {
  if (facts.status !== "running")
    return sentence(`${subject(facts)} has ended: it is ${ended(facts)}. Nothing changed.`);
  if (facts.stopping !== null) return sentence(`${subject(facts)} is being ended already. Nothing changed.`);
  const question = `End ${subject(facts)}?`;
  const blocks: KnownBlock[] = [
    section([question, ...endLines(facts).map((line) => `• ${line}`), `• ${takingBackLine(facts, compensate)}`]),
    actions("abort", buttons(facts, compensate)),
    context(dotted(["What has been sent stays sent", code(facts.executionId)])),
  ];
  return { text: question, blocks };
}

/** The facts of the execution as it stands after the abort. */
export function abortedMessage(facts: AbortFacts): Message {
  const lines = endLines(facts).map((line) => `• ${line}`);
  const taken = facts.stopping?.compensate === true ? takenBackLine(facts) : null;
  const what = facts.status === "running" ? "is being ended" : "has been ended";
  const when = facts.stopping === null ? "" : ` ${instant({ at: facts.stopping.at, timezone: facts.timezone })}`;
  const text = [`${subject(facts)} ${what}${when}`, ...lines, ...(taken === null ? [] : [`• ${taken}`])].join("\n");
  const next = `\`/revops redrive ${shown(facts.executionId)}\` lets it go on from there.`;
  return { text: `${subject(facts)} ${what}`, blocks: [section(text.split("\n")), context(next)] };
}

export const leftRunning = "Left as it is: nothing changed.";

function subject({ flowId, customerName }: AbortFacts): string {
  return dotted([`*${shown(flowId)}*`, customerName === null ? null : shown(customerName)]);
}

function ended({ status }: AbortFacts): string {
  return status.replaceAll("_", " ");
}

function endLines({ withdrawn, cutOff, notBegun, children }: AbortFacts): string[] {
  const lines = [
    withdrawn.length === 0 ? null : `${withdrawnWords(withdrawn)}: ${named(withdrawn)}`,
    cutOff.length === 0 ? null : `${count(cutOff.length, "step")} cut off: ${named(cutOff)}`,
    children.length === 0 ? null : `${count(children.length, "sub-flow")} ended with it: ${named(children, code)}`,
    notBegun === 0 ? null : `${count(notBegun, "step")} not begun`,
  ];
  const said = lines.filter((line) => line !== null);
  return said.length === 0 ? ["nothing of it is under way"] : said;
}

function withdrawnWords({ length }: readonly string[]): string {
  return `${count(length, "approval")} withdrawn`;
}

/** What was asked for, and what the other way would do. */
function takingBackLine({ takesBack }: AbortFacts, compensate: boolean): string {
  if (takesBack.length === 0) return "nothing to take back: no finished step has a `compensate`";
  const what = `${count(takesBack.length, "finished step")}: ${named(takesBack)}`;
  return compensate ? `taken back, in this order, ${what}` : `not taken back, unless you say so, ${what}`;
}

function takenBackLine({ takesBack }: AbortFacts): string {
  if (takesBack.length === 0) return "nothing to take back";
  return `${count(takesBack.length, "finished step")} being taken back: ${named(takesBack)}`;
}

function buttons(facts: AbortFacts, compensate: boolean): Button[] {
  const value = encodeExecution(facts);
  const one = (actionId: ActionId, label: string) => button({ actionId, label, value, style: "danger" });
  const plain = one(actionIds.abort, `Abort: ${deeds(facts, false)}`);
  const taking = one(actionIds.abortAndCompensate, `Abort: ${deeds(facts, true)}`);
  const leave = button({ actionId: actionIds.leaveRunning, label: "Leave it running", value });
  if (facts.takesBack.length === 0) return [plain, leave];
  return compensate ? [taking, leave] : [plain, taking, leave];
}

/** "withdraw 1 approval, cut off 2 steps, take back 3". */
function deeds({ withdrawn, cutOff, takesBack }: AbortFacts, compensate: boolean): string {
  const parts = [
    withdrawn.length === 0 ? null : `withdraw ${count(withdrawn.length, "approval")}`,
    cutOff.length === 0 ? null : `cut off ${count(cutOff.length, "step")}`,
    compensate ? `take back ${count(takesBack.length, "step")}` : null,
  ];
  const said = parts.filter((part) => part !== null);
  return said.length === 0 ? "end it" : said.join(", ");
}

function named(names: readonly string[], show: (name: string) => string = (name) => shown(name)): string {
  const some = names.slice(0, namesShown).map(show);
  const left = names.length - some.length;
  return list(left === 0 ? some : [...some, `${number(left)} more`], "and");
}
