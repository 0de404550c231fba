/** All laws over one life; a case that breaks one is told as a test that can be kept. */
import type { FlowDefinition } from "../../../src/flow/flow.ts";
import type { ExecutionState } from "../../../src/flow/execution.ts";
import type { ExecutionHeader } from "../../../src/flow/record.ts";
import type { Case } from "./case.ts";
import { effectProblems } from "./effect-law.ts";
import { endProblems } from "./end-law.ts";
import { Life, type Hostility } from "./life.ts";
import { placeProblems } from "./place-law.ts";
import { recordProblems, replayProblems, type Recorded } from "./record-law.ts";
import { restProblems } from "./rest-law.ts";
import { runProblems } from "./run-law.ts";

/** Sentences; none: every law holds. */
export async function problemsOf(life: Life): Promise<string[]> {
  const { items } = await life.store.list({ filter: {}, limit: 500 });
  const logs = new Map<string, Recorded & { definition: FlowDefinition }>();
  for (const { execution_id: executionId, definition_hash } of items) {
    const definition = await life.store.getDefinition({ hash: definition_hash });
    const entries = await life.store.readLog({ executionId, after: 0 });
    const written = life.store.written.get(executionId) ?? [];
    if (definition !== null) logs.set(executionId, { definition, entries, written });
  }
  const states = new Map((await life.states()).map((state): [string, ExecutionState] => [state.executionId, state]));
  const headers = new Map(items.map((header): [string, ExecutionHeader] => [header.execution_id, header]));
  const told = [...logs].map(
    ([id, { definition, entries }]) => [id, { definition, events: entries.flatMap(({ events }) => events) }] as const,
  );
  return [
    ...[...logs].flatMap(([id, recorded]) => ownProblems(recorded).map((problem) => `${id}: ${problem}`)),
    ...life.observed.flatMap(({ executionId, live }) => {
      const recorded = logs.get(executionId);
      return recorded === undefined ? [] : replayProblems(recorded, live);
    }),
    ...life.unrecorded,
    ...placeProblems({
      entries: life.store.entries,
      definitions: new Map(told.map(([id, { definition }]) => [id, definition])),
    }),
    ...effectProblems({ world: life.world, logs: new Map(told) }),
    ...restProblems({ states, headers, world: life.world, now: life.clock.now() }),
  ];
}

function ownProblems(recorded: Recorded): string[] {
  const { definition, entries } = recorded;
  return [...recordProblems(recorded), ...runProblems(definition, entries), ...endProblems(definition, entries)];
}

export async function liveThrough(lived: Case, hostility: Hostility = {}): Promise<{ life: Life; problems: string[] }> {
  const life = new Life(lived, hostility);
  await life.live();
  return { life, problems: await problemsOf(life) };
}

export async function brokenLaws(lived: Case, hostility: Hostility = {}): Promise<string[]> {
  return (await liveThrough(lived, hostility)).problems;
}
