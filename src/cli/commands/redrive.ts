/** `redrive`: what ended otherwise than well goes on, from what failed or from a chosen step; one execution or many. */
import type { RedrivePlan } from "../../engine/engine.ts";
import type { ExecutionStatus } from "../../flow/record.ts";
import { splitAssignments } from "../assignments.ts";
import {
  bulkAnswer,
  executions,
  filterOptions,
  forEach,
  isConfirmed,
  matchingExecutions,
  namedExecution,
  yesOption,
} from "../bulk.ts";
import type { Outcome } from "../bulk.ts";
import type { Answer, Call, Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import type { Session } from "../session.ts";

/** What can be redriven at all. */
const ended = ["failed", "timed_out", "aborted"] as const satisfies readonly ExecutionStatus[];

const statusOption = { type: "text", value: "S", about: `only ${ended.join(", ")} ones` } as const;

export const redrive: Command = {
  word: "redrive",
  usage: ["redrive EXECUTION [--from STEP] [name=value …]", "redrive --flow F … [--status S] [--yes]"],
  purpose: "goes on with what ended otherwise than well; what happened already isn't sent again",
  options: {
    from: { type: "text", value: "STEP", about: "from this step and all behind it, rather than from what failed" },
    ...filterOptions,
    status: statusOption,
    ...yesOption,
  },
  notes: [
    "name=value replaces inputs: whatever reads them starts again. In bulk it shows what it would redrive, and asks.",
  ],
  examples: [
    { line: "redrive 1j4m2k9aa-0f3c5d7e9b11", about: "from its failed step" },
    { line: "redrive 1j4m2k9aa-0f3c5d7e9b11 --from assess_renewal_risk", about: "from a chosen step" },
    { line: 'redrive 1j4m2k9aa-0f3c5d7e9b11 note="second try"', about: "with another input" },
    {
      line: "redrive --flow renewal_management --status failed --after 2026-12-01",
      about: "all that failed since December",
    },
  ],
  run: async (call) => {
    const { plain, input } = splitAssignments(call.words);
    const executionId = namedExecution(call, plain, [...Object.keys(filterOptions), "status"]);
    const from = call.options.text("from");
    const hasInput = Object.keys(input).length > 0;
    if (executionId === undefined && (from !== null || hasInput))
      throw new UsageError("--from and name=value go with one execution.");
    const status = call.options.choice("status", ended);
    const { inSession } = await import("../session.ts");
    return inSession(call, (session) =>
      executionId === undefined
        ? many(session, call, status)
        : one(session, { executionId, ...(from === null ? {} : { from }), ...(hasInput ? { input } : {}) }),
    );
  },
};

interface Asked {
  executionId: string;
  from?: string;
  input?: Record<string, string>;
}

async function one(session: Session, asked: Asked): Promise<Answer> {
  // Says the nearest id of one that there isn't.
  await session.engine.report({ executionId: asked.executionId });
  return answer([await redriveOne(session, asked)]);
}

async function many(session: Session, call: Call, status: ExecutionStatus | null): Promise<Answer> {
  const { timezone } = session;
  const found = await matchingExecutions(session, call, status === null ? ended : [status]);
  if (found.length === 0 || (await isConfirmed(call, { verb: "redrive", found, timezone })))
    return answer(await forEach(found, (executionId) => redriveOne(session, { executionId })));
  return answer([]);
}

async function redriveOne({ engine }: Session, asked: Asked): Promise<Outcome<RedrivePlan>> {
  const { executionId } = asked;
  const redriven = await engine.redrive({ ...asked, person: null });
  if (redriven.kind === "refused") return { executionId, refused: redriven.message };
  const { restarts, keeps } = redriven;
  return { executionId, done: { restarts, keeps } };
}

function answer(outcomes: readonly Outcome<RedrivePlan>[]): Answer {
  return bulkAnswer(outcomes, {
    key: "redriven",
    document: (executionId, { restarts, keeps }) => ({ execution_id: executionId, restarts, keeps }),
    text: (done) => {
      const [first, ...others] = done;
      if (first === undefined) return "Nothing was redriven.";
      if (others.length > 0) return `Redriven ${executions(done.length)}.`;
      return [`Redriven ${first.executionId}.`, ...planLines(first.done)].join("\n");
    },
  });
}

function planLines({ restarts, keeps }: RedrivePlan): string[] {
  return [
    ...(restarts.length === 0 ? [] : [`  starts again: ${restarts.join(", ")}`]),
    ...(keeps.length === 0 ? [] : [`  keeps: ${keeps.join(", ")}`]),
  ];
}
