/** `abort`: ends one execution, or many by filter; with --compensate what succeeded is taken back first. */
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
import type { Session } from "../session.ts";

export const abort: Command = {
  word: "abort",
  usage: ["abort EXECUTION [--compensate]", "abort --flow F … [--compensate] [--yes]"],
  purpose: "ends executions: approvals are withdrawn, what is under way is cut off",
  options: {
    ...filterOptions,
    compensate: { type: "flag", value: "", about: "what has succeeded is taken back first, as its flow says" },
    ...yesOption,
  },
  notes: ["Several filters narrow each other. In bulk it shows what it would abort, and asks."],
  examples: [
    { line: "abort 1j4m2k9aa-0f3c5d7e9b11", about: "one execution" },
    { line: "abort --flow renewal_management --before 2026-12-01", about: "what has run since before December" },
    {
      line: 'abort --customer "Acme Robotics" --compensate --yes',
      about: "all about one customer, without asking",
    },
  ],
  run: async (call) => {
    const executionId = namedExecution(call, call.words, Object.keys(filterOptions));
    const { inSession } = await import("../session.ts");
    return inSession(call, (session) =>
      executionId === undefined ? many(session, call) : one(session, call, executionId),
    );
  },
};

async function one(session: Session, call: Call, executionId: string): Promise<Answer> {
  await session.engine.report({ executionId });
  return answer([await abortOne(session, call, executionId)]);
}

async function many(session: Session, call: Call): Promise<Answer> {
  const { timezone } = session;
  const found = await matchingExecutions(session, call, ["running"]);
  if (found.length === 0 || (await isConfirmed(call, { verb: "abort", found, timezone })))
    return answer(await forEach(found, (executionId) => abortOne(session, call, executionId)));
  return answer([]);
}

async function abortOne({ engine }: Session, { options }: Call, executionId: string): Promise<Outcome<true>> {
  const compensate = options.isSet("compensate");
  const aborted = await engine.abort({ executionId, person: null, compensate });
  return aborted.kind === "recorded" ? { executionId, done: true } : { executionId, refused: aborted.message };
}

function answer(outcomes: readonly Outcome<true>[]): Answer {
  return bulkAnswer(outcomes, {
    key: "aborted",
    document: (executionId) => executionId,
    text: (done) => (done.length === 0 ? "Nothing was aborted." : `Aborted ${executions(done.length)}.`),
  });
}
