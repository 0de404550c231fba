/**
 * What became of the questions that people were asked about a risk, by the factor that weighed most in it: a factor whose alarms are
 * dismissed again and again is a false alarm by habit.
 *
 * Job: one alarm for each execution that assessed a risk and asked a person, and their word. A case that was set aside after the
 * decision counts as set aside. Non-job: shares and tables.
 */
import { z } from "zod";
import { type Case, isStanding } from "../flow/case.ts";
import { type ExecutionState, fold } from "../flow/execution.ts";
import type { FlowDefinition } from "../flow/flow.ts";
import type { StateStore } from "../state/state-store.ts";
import { CaseRecords } from "./case-records.ts";
import { headers } from "./header-pages.ts";
import { mostExecutions } from "./metrics-reading.ts";

export const alarmWords = [
  "approved",
  "rejected",
  "known",
  "wrong_data",
  "not_a_risk",
  "snoozed",
  "unanswered",
  "waiting",
] as const;
export type AlarmWord = (typeof alarmWords)[number];

export interface FactorAlarms extends Record<AlarmWord, number> {
  model: string;
  /** Of a model, or `gaps`. */
  factor: string;
  alarms: number;
}

export interface Alarms {
  /** Executions that were read, whether they asked anybody or not. */
  executions: number;
  /** There are more in the span: only the newest were read. */
  cut: boolean;
  /** Ids of those whose log can't be read. */
  unreadable: string[];
  /** Most alarms first. */
  factors: FactorAlarms[];
}

const Assessed = z.object({
  model: z.string(),
  risk_score: z.number(),
  reasons: z.array(z.object({ factor: z.string(), points: z.number() })),
});

/** `since`: milliseconds; executions that started at it or later. */
export async function readAlarms(store: StateStore, { since }: { since: number }): Promise<Alarms> {
  const saidLater = await setAsideIn(store);
  const definitions = new Map<string, FlowDefinition | null>();
  const tallies = new Map<string, FactorAlarms>();
  const unreadable: string[] = [];
  let read = 0;
  for await (const { execution_id, definition_hash, started_at, risk_score } of headers(store, {}, 500)) {
    if (started_at < since) break;
    if (read === mostExecutions) return { ...answer(), cut: true };
    read++;
    if (risk_score === null) continue;
    try {
      const known = definitions.get(definition_hash) ?? (await store.getDefinition({ hash: definition_hash }));
      definitions.set(definition_hash, known);
      const entries = await store.readLog({ executionId: execution_id, after: 0 });
      const state = known === null ? null : fold({ definition: known, entries });
      if (state !== null) count(tallies, state, saidLater.get(execution_id) ?? null);
    } catch {
      unreadable.push(execution_id);
    }
  }
  return { ...answer(), cut: false };

  function answer(): Omit<Alarms, "cut"> {
    const factors = [...tallies.values()].toSorted(
      (one, other) => other.alarms - one.alarms || (one.factor < other.factor ? -1 : 1),
    );
    return { executions: read - unreadable.length, unreadable, factors };
  }
}

/** What people said of cases, by the execution that asked about it last. */
async function setAsideIn(store: StateStore): Promise<Map<string, AlarmWord>> {
  const said = new Map<string, AlarmWord>();
  for await (const page of new CaseRecords(store).all({ open: true })) {
    for (const record of page) {
      const word = wordOn(record);
      if (record.asked_in !== null && word !== null) said.set(record.asked_in, word);
    }
  }
  return said;
}

function wordOn(record: Case): AlarmWord | null {
  if (!isStanding(record)) return null;
  if (record.dismissal !== null) return record.dismissal.why;
  return record.snooze === null ? null : "snoozed";
}

function count(tallies: Map<string, FactorAlarms>, state: ExecutionState, saidLater: AlarmWord | null): void {
  const word = combined(wordIn(state), saidLater);
  const strongest = strongestIn(state);
  if (word === null || strongest === null) return;
  const key = JSON.stringify(strongest);
  const tally = tallies.get(key) ?? { ...strongest, alarms: 0, ...nothing };
  tallies.set(key, { ...tally, alarms: tally.alarms + 1, [word]: tally[word] + 1 });
}

const nothing: Record<AlarmWord, number> = {
  approved: 0,
  rejected: 0,
  known: 0,
  wrong_data: 0,
  not_a_risk: 0,
  snoozed: 0,
  unanswered: 0,
  waiting: 0,
};

/** Who approves the plays and has the case snoozed then has found the alarm right. */
function combined(decided: AlarmWord | null, saidLater: AlarmWord | null): AlarmWord | null {
  if (saidLater === null || decided === null) return decided;
  return decided === "approved" && saidLater === "snoozed" ? decided : saidLater;
}

/** Null: nobody was asked. */
function wordIn({ steps }: ExecutionState): AlarmWord | null {
  const approvals = Object.values(steps).flatMap(({ approval }) => approval ?? []);
  const aside = approvals.flatMap(({ votes }) => votes.flatMap((vote) => vote.aside ?? [])).at(-1);
  if (aside !== undefined) return aside.kind === "dismiss" ? aside.why : "snoozed";
  const statuses = approvals.map(({ status }) => status);
  if (statuses.includes("rejected")) return "rejected";
  if (statuses.includes("approved")) return "approved";
  if (statuses.includes("pending")) return "waiting";
  return statuses.length === 0 ? null : "unanswered";
}

/** What raised the risk most, in the last assessment that there is; null: nothing did. */
function strongestIn({ definition, steps }: ExecutionState): { model: string; factor: string } | null {
  const outputs = definition.steps.flatMap(({ id }) => {
    const read = Assessed.safeParse(steps[id]?.output);
    return read.success ? [read.data] : [];
  });
  const assessed = outputs.at(-1);
  if (assessed === undefined) return null;
  const raising = assessed.reasons.filter(({ points }) => points > 0);
  const [strongest] = raising.toSorted((one, other) => other.points - one.points);
  return strongest === undefined ? null : { model: assessed.model, factor: strongest.factor };
}
