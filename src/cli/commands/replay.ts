/** `replay`: a real execution's log, event by event, with what each changed; and whether it leads to what the engine sees. */
import { isDeepStrictEqual } from "node:util";
import type { Answer, Call, Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import { exactMoment, iso } from "../moment.ts";
import type { Paper } from "../paper.ts";
import { plain } from "../plain.ts";
import { replayed, type ReplayedEvent } from "../replay.ts";
import type { Session } from "../session.ts";

export const replay: Command = {
  word: "replay",
  usage: ["replay EXECUTION [--to N]"],
  purpose: "a real execution's log, event by event, with what each one changed",
  options: {
    to: { type: "text", value: "N", about: "only the first N events" },
  },
  notes: [
    "On a terminal it stops after each event: an empty line goes on, q ends. The state is made from the log alone, so the same",
    "log gives the same state; what the engine sees is compared with it.",
  ],
  examples: [
    { line: "replay 1j4m2k9aa-0f3c5d7e9b11", about: "step by step" },
    { line: "replay 1j4m2k9aa-0f3c5d7e9b11 --json", about: "all events, for a program" },
  ],
  run: async (call) => {
    const [executionId, ...others] = call.words;
    if (executionId === undefined || others.length > 0) throw new UsageError("This command takes one execution.");
    const most = call.options.count("to", { otherwise: 1_000_000, most: 1_000_000 });
    const { inSession } = await import("../session.ts");
    return inSession(call, (session) => replayOf(call, session, { executionId, most }));
  },
};

async function replayOf(
  call: Call,
  { engine, store, timezone }: Session,
  { executionId, most }: { executionId: string; most: number },
): Promise<Answer> {
  const seen = await engine.execution({ executionId });
  const entries = await store.readLog({ executionId, after: 0 });
  const { events, state } = replayed({ definition: seen.definition, entries });
  const shown = events.slice(0, most);
  // It may have gone on between the two reads.
  const agrees = seen.sequence !== state?.sequence || isDeepStrictEqual(seen, state);
  const paged = call.terminal.isInteractive && !call.options.isSet("json");
  const stopped = paged ? await stepThrough(call, shown, timezone) : shown.length;
  return {
    document: {
      execution_id: executionId,
      flow_id: seen.flowId,
      events: shown.map(({ at, ...event }) => ({
        at: iso(at, timezone),
        ...event,
        changes: event.changes.map((change) => ({ ...change })),
      })),
      agrees,
    },
    text: (paper) => {
      const lines = shown
        .slice(paged ? stopped : 0)
        .map((event, index) => eventLine(paper, event, index + 1, timezone));
      return [...lines, closing(stopped, events.length, agrees)].join("\n");
    },
    isProblem: !agrees,
  };
}

/** How many were shown. */
async function stepThrough({ terminal }: Call, events: readonly ReplayedEvent[], timezone: string): Promise<number> {
  const { createPaper } = await import("../paper.ts");
  const paper = createPaper(terminal);
  for (const [index, event] of events.entries()) {
    terminal.err(`${eventLine(paper, event, index + 1, timezone)}\n`);
    if (index + 1 === events.length) break;
    if ((await terminal.ask("")).trim().toLowerCase() === "q") return index + 1;
  }
  return events.length;
}

function eventLine(paper: Paper, event: ReplayedEvent, number: number, timezone: string): string {
  const { at, type, step_id, changes, status, sequence } = event;
  const head = `${String(number).padStart(3)}  ${paper.mark("dim", exactMoment(at, timezone))}  ${paper.mark("bold", type)}`;
  const about = step_id === null ? "" : ` ${step_id}`;
  const changed = changes.map((change) => `${change.step_id}: ${change.from} → ${change.to}`);
  const ended = status === "running" ? [] : [`execution: ${status}`];
  const detail = [...changed, ...ended].join(", ");
  return `${head}${about}${paper.mark("dim", `  (entry ${sequence})`)}${detail === "" ? "" : `\n       ${plain(detail)}`}`;
}

function closing(shown: number, all: number, agrees: boolean): string {
  const many = `${shown.toLocaleString("en-US")} of ${all.toLocaleString("en-US")} events`;
  return agrees
    ? `\n${many}. The engine sees what the log says.`
    : `\n${many}. The engine sees something else than the log says: please report this.`;
}
