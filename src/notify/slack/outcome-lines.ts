/** What became of an approval: who decided, when and why, what was done, what is still under way or in doubt. */
import type { ApprovalCard, CardVote } from "../../flow/card.ts";
import { link } from "./blocks.ts";
import { asideWords, dismissalWords } from "./case-lines.ts";
import { piece } from "./escape.ts";
import { list, moment, readersTime } from "./format.ts";

const effectsShown = 8;
const reasonLength = 600;

export function outcomeLines(card: ApprovalCard): string[] {
  return [decisionLine(card), ...reasonLines(card), ...effectLines(card), ...endLine(card)];
}

/** "Approved by Dana Reyes", without marks: how the text of the message begins. */
export function decisionSummary(card: ApprovalCard): string {
  switch (card.status) {
    case "approved":
      return deciders(card, "approve") === "" ? "Approved without a vote" : `Approved by ${deciders(card, "approve")}`;
    case "rejected": {
      const aside = card.votes.findLast(({ decision }) => decision === "reject")?.aside;
      const word = aside === undefined ? "Rejected" : asideWords(aside, card.timezone);
      return `${word} by ${deciders(card, "reject")}`;
    }
    case "expired":
      return "Approval expired";
    case "withdrawn":
      return "Approval withdrawn";
    case "pending":
      return "Approval needed";
    default:
      return card.status satisfies never;
  }
}

function decisionLine(card: ApprovalCard): string {
  if (card.status === "withdrawn") return withdrawnLine(card);
  const when = card.endedAt === null ? "" : ` · ${shownAt(card.endedAt, card.timezone)}`;
  return `${boldFirstWord(card)}${when}${explanation(card)}${editWords(card)}`;
}

/** What was decided about isn't what the agents had proposed: the thread has the difference. */
function editWords({ edits }: ApprovalCard): string {
  const names = new Set(edits.map(({ by }) => piece(by.name, 80)));
  return names.size === 0 ? "" : ` · as edited by ${list([...names], "and")}`;
}

function boldFirstWord(card: ApprovalCard): string {
  const [first = "", ...rest] = (card.status === "expired" ? "Expired" : decisionSummary(card)).split(" ");
  return [`*${first}*`, ...rest].join(" ");
}

function explanation(card: ApprovalCard): string {
  switch (card.status) {
    case "approved":
      return deciders(card, "approve") === "" ? " · its time ran out, and the flow says to go on then" : "";
    case "rejected":
      return nothingSent(card);
    case "expired":
      return ` · nobody decided in time${nothingSent(card)}`;
    case "withdrawn":
    case "pending":
      return "";
    default:
      return card.status satisfies never;
  }
}

function withdrawnLine(card: ApprovalCard): string {
  const at = card.execution.stopped?.at ?? card.endedAt;
  const when = at === null ? "" : ` · ${shownAt(at, card.timezone)}`;
  return `*Withdrawn*: ${endWords(card)}${when}${nothingSent(card)}`;
}

function endWords({ execution: { stopped } }: ApprovalCard): string {
  if (stopped === null) return "the execution ended before a decision";
  if (stopped.how === "timed_out") return "the execution ran out of time";
  return `ended by ${stopped.by === null ? "a program" : piece(stopped.by.name, 80)}`;
}

const unsent: ReadonlySet<string> = new Set(["planned", "failed", "held"]);

/** Said only where it is true. */
function nothingSent({ effects }: ApprovalCard): string {
  return effects.every(({ status }) => unsent.has(status)) ? " · nothing was sent" : "";
}

function reasonLines({ votes }: ApprovalCard): string[] {
  const given = votes.filter((vote): vote is CardVote & { reason: string } => hasReason(vote) && !isSaid(vote));
  return given.map(({ by, reason }) => {
    const whose = votes.length === 1 ? "Reason" : `Reason of ${piece(by.name, 80)}`;
    return `${whose}: ${piece(reason, reasonLength)}`;
  });
}

function hasReason({ reason }: CardVote): boolean {
  return (reason ?? "").trim() !== "";
}

/** Who dismisses without a word of their own gives what they chose as the reason: the line above has it. */
function isSaid({ aside, reason }: CardVote): boolean {
  return aside?.kind === "dismiss" && reason === dismissalWords[aside.why];
}

function effectLines(card: ApprovalCard): string[] {
  if (card.status !== "approved")
    return card.effects.filter(({ status }) => status === "performed").map((each) => effectLine(each, card));
  const lines = card.effects.map((effect) => effectLine(effect, card));
  const more = lines.length > effectsShown ? [`and ${lines.length - effectsShown} more`] : [];
  return [...lines.slice(0, effectsShown), ...more];
}

function effectLine(effect: ApprovalCard["effects"][number], card: ApprovalCard): string {
  const what = piece(effect.receipt?.summary ?? effect.summary, 240);
  const why = effect.hold === undefined ? "" : ` · ${piece(effect.hold.cause, 200)}`;
  return `${fateWord(effect, card)}: ${link(effect.receipt?.url ?? null, what)}${why}`;
}

function fateWord(effect: ApprovalCard["effects"][number], { execution, timezone }: ApprovalCard): string {
  const { status, hold } = effect;
  switch (status) {
    case "held": {
      const until = hold?.until ?? null;
      return until === null ? "Held back" : `Held back until ${shownAt(until, timezone)}`;
    }
    case "performed":
      return "Done";
    case "planned":
      return execution.status === "running" ? "To come" : "Not done";
    case "begun":
      return "Under way";
    case "failed":
      return "Failed";
    case "doubtful":
      return "In doubt, a person is asked";
    default:
      return status satisfies never;
  }
}

function endLine(card: ApprovalCard): string[] {
  const { status, execution } = card;
  if (status !== "approved" || execution.status === "running" || execution.status === "succeeded") return [];
  const words = {
    failed: "The execution failed: its own card says why",
    timed_out: "The execution ran out of time: its own card says more",
    aborted: `The execution was ${endWords(card)}`,
  } as const;
  return [words[execution.status]];
}

function deciders({ votes }: ApprovalCard, decision: CardVote["decision"]): string {
  const names = votes.filter((vote) => vote.decision === decision).map(({ by }) => piece(by.name, 80));
  return list(names, "and");
}

/** In the card's zone where a client can't draw the reader's own. */
export function shownAt(at: number, timezone: string): string {
  return readersTime(at, moment({ at, timezone }));
}
