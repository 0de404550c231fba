/**
 * The flows of the folders while an app runs: what has changed since the last look is read anew (D4).
 *
 * Job: compare names, times and sizes, read all files again if anything differs (a flow may rest on another's file), keep what
 * was good. Non-job: when to look (`src/app/live-flows.ts`), and executions: each keeps its definition in the store.
 *
 * - W1. A file that has become unreadable or wrong keeps the flow that it last gave; so does a folder that can't be read.
 * - W2. A file that is gone takes its flow with it.
 * - W3. What is known changes in one step: nobody sees half of a look.
 */
import { stat } from "node:fs/promises";
import type { Problem } from "./flow-file.ts";
import { definitionHash, type FlowDefinition } from "./flow.ts";
import { flowFiles, FlowRegistry, loadFlowFolders, type FlowFolders, type LoadedFlow } from "./registry.ts";

/** Of one flow_id, what starts and fires now and did before; null: nothing. */
export interface FlowChange {
  flowId: string;
  before: FlowDefinition | null;
  after: FlowDefinition | null;
  /** Where the one that is there now, or was there, comes from. */
  file: string | null;
}

export interface FlowChanges {
  changes: FlowChange[];
  /** Those that the look before hadn't found. */
  newProblems: Problem[];
}

export class FlowFolderWatch {
  readonly #asked: FlowFolders;
  #stamps: string | null = null;
  #flows: LoadedFlow[] = [];
  #registry = new FlowRegistry();
  #problems: Problem[] = [];
  #looking: Promise<unknown> = Promise.resolve();

  constructor(asked: FlowFolders) {
    this.#asked = asked;
  }

  /** As of the last look. */
  get registry(): FlowRegistry {
    return this.#registry;
  }

  /** All versions of all flows. */
  get flows(): readonly LoadedFlow[] {
    return this.#flows;
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** Null: no file has changed since the last look. One look at a time. */
  look(): Promise<FlowChanges | null> {
    const looked = this.#looking.then(() => this.#look());
    this.#looking = looked.catch(() => {});
    return looked;
  }

  async #look(): Promise<FlowChanges | null> {
    // Taken before the files are read: what changes meanwhile differs from it at the next look.
    const unreadable: Problem[] = [];
    const files = await flowFiles(this.#asked.folders, unreadable);
    const revision = this.#asked.registered?.revision ?? 0;
    const actions = (await this.#asked.ownActions?.look())?.revision ?? 0;
    const stamps = JSON.stringify([await Promise.all(files.map(stampOf)), unreadable, revision, actions]);
    if (stamps === this.#stamps) return null;
    const read = await loadFlowFolders(this.#asked);
    this.#stamps = stamps;
    const wrong = new Set(read.problems.filter(({ severity }) => severity === "error").map(({ file }) => file));
    const isInDoubt = (file: string) =>
      files.includes(file) ? wrong.has(file) : unreadable.some((folder) => file.startsWith(folder.file));
    return this.#take(read, isInDoubt);
  }

  /** `isInDoubt`: what a file gives can't be known now, so what it gave goes on (W1). */
  #take(read: { flows: LoadedFlow[]; problems: Problem[] }, isInDoubt: (file: string) => boolean): FlowChanges {
    const isGiven = ({ definition: { flow_id }, file }: LoadedFlow) =>
      read.flows.some((flow) => flow.file === file && flow.definition.flow_id === flow_id);
    const kept = this.#flows.filter((flow) => flow.file !== null && isInDoubt(flow.file) && !isGiven(flow));
    const registry = new FlowRegistry();
    const flows: LoadedFlow[] = [];
    for (const flow of [...read.flows, ...kept]) {
      const { flow_id, version } = flow.definition;
      if (registry.get({ flowId: flow_id, version }) !== null) continue;
      registry.add(flow);
      flows.push(flow);
    }
    const problems = [...read.problems, ...kept.filter((flow) => flows.includes(flow)).map(goesOn)];
    const known = new Set(this.#problems.map(asText));
    const changes = changesBetween(this.#registry, registry);
    this.#registry = registry;
    this.#flows = flows;
    this.#problems = problems;
    return { changes, newProblems: problems.filter((problem) => !known.has(asText(problem))) };
  }
}

function goesOn({ definition: { flow_id, version }, file }: LoadedFlow): Problem {
  const message = `${flow_id} ${version} as it was before goes on until this is mended`;
  return { file: file ?? flow_id, line: 1, column: 1, message, severity: "warning" };
}

function asText(problem: Problem): string {
  return JSON.stringify(problem);
}

function changesBetween(before: FlowRegistry, after: FlowRegistry): FlowChange[] {
  const flowIds = new Set([...before.all(), ...after.all()].map(({ definition }) => definition.flow_id));
  return [...flowIds].toSorted().flatMap((flowId) => {
    const [old, now] = [before.get({ flowId }), after.get({ flowId })];
    const isSame = old !== null && now !== null && definitionHash(old.definition) === definitionHash(now.definition);
    if (isSame) return [];
    const file = now?.file ?? old?.file ?? null;
    return [{ flowId, before: old?.definition ?? null, after: now?.definition ?? null, file }];
  });
}

/** A file that goes away while it is looked at has changed, whatever it was. */
async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${file} ${mtimeMs} ${size} ${ino}`;
  } catch {
    return file;
  }
}
