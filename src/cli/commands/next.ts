/** `next`: when an expression or a flow will fire. */
import { identifier, type Trigger } from "../../flow/flow.ts";
import { jitterOf } from "../../flow/schedule/jitter.ts";
import { firingTimes, type AskedFirings, type FiringTime } from "../../flow/schedule/firing-times.ts";
import { isZone } from "../../flow/zone.ts";
import type { Answer, Call, Command } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import { knownFlow } from "../known-names.ts";
import { firingMoment, iso, readInstant } from "../moment.ts";
import { subjectOf } from "../words.ts";
import { table } from "../table.ts";

const most = 1_000;

export const next: Command = {
  word: "next",
  usage: ["next EXPRESSION|FLOW [--count N] [--zone Z] [--from T]"],
  purpose: "when an expression or a flow will fire",
  options: {
    count: { type: "text", value: "N", about: `how many times, at most ${most.toLocaleString("en-US")} (10)` },
    zone: { type: "text", value: "Z", about: "IANA zone; of a flow, for triggers that name none (REVOPS_TIMEZONE)" },
    from: { type: "text", value: "T", about: "only what fires after this instant or day, ISO 8601 (now)" },
  },
  notes: ["Expressions are EventBridge's: cron(…), rate(…), at(…), or a cron's six fields. A rate counts from --from."],
  examples: [
    { line: 'next "cron(0 9 ? * MON-FRI *)" --zone America/New_York', about: "working days at nine in New York" },
    { line: "next renewal_management --count 3", about: "a flow's next three firings, jitter included" },
    { line: 'next "rate(4 hours)" --from 2026-12-01', about: "every four hours from the first of December" },
  ],
  run: async (call) => {
    const subject = subjectOf(call, "an expression in quotes, or a flow");
    const frame = await frameOf(call);
    return identifier.test(subject) ? ofFlow(call, frame, subject) : ofExpression(frame, subject);
  },
};

interface Frame {
  timezone: string;
  from: number;
  count: number;
}

async function frameOf({ options, terminal }: Call): Promise<Frame> {
  const [{ terminalSettings }, { terminalClock }] = await Promise.all([import("../settings.ts"), import("../now.ts")]);
  const settings = terminalSettings(terminal.environment);
  const timezone = options.text("zone") ?? settings.timezone;
  if (!isZone(timezone)) throw new UsageError(`--zone must be an IANA zone such as Europe/Berlin, not "${timezone}".`);
  const text = options.text("from");
  const from = text === null ? (await terminalClock(settings)).now() : readInstant(text, timezone);
  if (from === null)
    throw new UsageError(`--from must be an instant or a day such as 2026-12-04T09:00, not "${text}".`);
  return { timezone, from, count: options.count("count", { otherwise: 10, most }) };
}

function ofExpression(frame: Frame, expression: string): Answer {
  const times = ask({ expression, ...frame });
  const firings = times.map(({ at }) => ({ at, timezone: frame.timezone }));
  return answer(firings, `${expression} never fires after that.`);
}

async function ofFlow(call: Call, frame: Frame, flowId: string): Promise<Answer> {
  const triggers = await triggersOf(call, flowId);
  const hasSchedule = triggers.some(({ type }) => type === "schedule");
  const times = ask({ triggers, ...frame });
  const firings = times.map((time) => withJitter({ flowId, trigger: scheduleOf(triggers, time), time, frame }));
  const none = hasSchedule ? `${flowId} never fires after that.` : `${flowId} has no schedule.`;
  return answer(
    firings.toSorted((one, other) => one.at - other.at),
    none,
  );
}

function scheduleOf(triggers: readonly Trigger[], { trigger }: FiringTime) {
  const found = trigger === null ? undefined : triggers[trigger];
  return found?.type === "schedule" ? { ...found, index: trigger ?? 0 } : null;
}

interface Firing {
  at: number;
  timezone: string;
}

function withJitter(parameters: {
  flowId: string;
  trigger: ReturnType<typeof scheduleOf>;
  time: FiringTime;
  frame: Frame;
}): Firing {
  const { flowId, trigger, time, frame } = parameters;
  if (trigger === null) return { at: time.at, timezone: frame.timezone };
  const jitter = jitterOf({ flowId, trigger: trigger.index, at: time.at, jitterMs: trigger.jitter_ms });
  return { at: time.at + jitter, timezone: trigger.timezone ?? frame.timezone };
}

async function triggersOf({ terminal }: Call, flowId: string): Promise<Trigger[]> {
  const [{ terminalSettings }, { knownFlows }] = await Promise.all([
    import("../settings.ts"),
    import("../known-flows.ts"),
  ]);
  return knownFlow(await knownFlows(terminalSettings(terminal.environment)), flowId).triggers;
}

function ask(asked: AskedFirings): FiringTime[] {
  const found = firingTimes(asked);
  if (found.ok) return found.times;
  const { message, field } = found.problem;
  throw new CommandError([field === null || message.includes(field) ? `${message}.` : `${field}: ${message}.`]);
}

function answer(firings: readonly Firing[], none: string): Answer {
  const rows = firings.map(({ at, timezone }) => [firingMoment(at, timezone), timezone]);
  return {
    document: { times: firings.map(({ at, timezone }) => iso(at, timezone)) },
    text: (paper) => (rows.length === 0 ? none : table(paper, { rows })),
  };
}
