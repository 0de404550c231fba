/**
 * The flows of an app that runs: looked at when their folders say that something happened, and at each tick (D4).
 *
 * Job: when to look, and what follows: each definition is stored when it is first seen, problems are told. Non-job: what a change
 * of files means (`src/flow/flow-folder-watch.ts`).
 */
import { watch, type FSWatcher } from "node:fs";
import type { Flows, Logger } from "../engine/context.ts";
import { changeId, keepDefinitions, type NewDefinition } from "../engine/versions.ts";
import type { Clock } from "../flow/clock.ts";
import { differenceLines, flowDifference } from "../flow/difference.ts";
import { FlowFolderWatch, type FlowChange } from "../flow/flow-folder-watch.ts";
import type { FlowDefinition } from "../flow/flow.ts";
import type { Problem } from "../flow/flow-file.ts";
import type { FlowFolders, LoadedFlow } from "../flow/registry.ts";
import type { StateStore } from "../state/state-store.ts";
import { authorOf } from "./file-author.ts";
import { flowLines } from "./start-lines.ts";

export interface LiveFlowsOptions extends FlowFolders {
  store: StateStore;
  clock: Clock;
  logger: Logger;
  /** In the sandbox, to whoever reads the terminal; null: the log has it. */
  tell: ((line: string) => void) | null;
}

/** An editor that saves makes several changes at once. */
const settleMs = 200;
/** The rest stands in `npx revops flows FLOW --diff`. */
const changesShown = 12;

export class LiveFlows implements Flows {
  readonly #options: LiveFlowsOptions;
  readonly #folders: FlowFolderWatch;
  #sameVersions: Problem[] = [];
  #told: Promise<unknown> = Promise.resolve();
  /** Revision of what the program has registered. */
  #seen: number | undefined;
  #watchers: FSWatcher[] = [];
  #soon: NodeJS.Timeout | null = null;

  private constructor(options: LiveFlowsOptions) {
    this.#options = options;
    this.#folders = new FlowFolderWatch(options);
  }

  /** Their problems at the start are for the caller to tell. */
  static async open(options: LiveFlowsOptions): Promise<LiveFlows> {
    const flows = new LiveFlows(options);
    flows.#seen = options.registered?.revision;
    await flows.#folders.look();
    flows.#sameVersions = await flows.#keep();
    return flows;
  }

  all(): LoadedFlow[] {
    return this.#folders.registry.all();
  }

  /** A program's engine fires what the program has registered; the folders' flows are the app's to fire. */
  firing(): LoadedFlow[] {
    const isProgram = this.#options.registered !== undefined;
    return isProgram ? this.all().filter(({ file }) => file === null) : this.all();
  }

  get({ flowId }: { flowId: string }): FlowDefinition | null {
    return this.#folders.registry.get({ flowId })?.definition ?? null;
  }

  /** The program has registered flows since the last look. */
  get hasNew(): boolean {
    return this.#options.registered?.revision !== this.#seen;
  }

  get problems(): Problem[] {
    return [...this.#folders.problems, ...this.#sameVersions];
  }

  /** True: something else starts or fires now. */
  async look(): Promise<boolean> {
    const revision = this.#options.registered?.revision;
    const looked = await this.#folders.look();
    this.#seen = revision;
    if (looked === null) return false;
    const { logger, tell } = this.#options;
    this.#sameVersions = await this.#keep();
    for (const problem of [...looked.newProblems, ...this.#sameVersions]) {
      const { file, line, message } = problem;
      logger[tell === null ? "warn" : "info"]({ file, line }, `a flow file: ${message}`);
      for (const told of flowLines([problem])) tell?.(told);
    }
    for (const change of looked.changes) {
      logger.info({ flow_id: change.flowId, file: change.file }, whatChanged(change));
      tell?.(`${change.file ?? change.flowId}: ${whatChanged(change)}`);
    }
    return looked.changes.length > 0;
  }

  /** Until `stop`; what can't be watched is seen by the looks at each tick. */
  watch(onChange: () => void): void {
    const { folders, ownActions } = this.#options;
    const watched = [...folders, ...(ownActions?.folders ?? [])];
    this.#watchers = watched.flatMap((folder) => this.#watcher(folder, onChange) ?? []);
  }

  stop(): void {
    for (const watcher of this.#watchers.splice(0)) watcher.close();
    if (this.#soon !== null) clearTimeout(this.#soon);
  }

  #watcher(folder: string, onChange: () => void): FSWatcher | null {
    const notice = () => {
      if (this.#soon !== null) clearTimeout(this.#soon);
      this.#soon = setTimeout(onChange, settleMs).unref();
    };
    try {
      const watcher = watch(folder, { recursive: true, persistent: false }, notice);
      return watcher.on("error", () => watcher.close());
    } catch {
      return null;
    }
  }

  /** Once what was new at the last look is in the audit. */
  get told(): Promise<unknown> {
    return this.#told;
  }

  /** One after the other: at a first start all are new, and so many processes at once would slow it down. */
  async #tellChanges(found: readonly NewDefinition[]): Promise<void> {
    for (const one of found) await this.#tellChange(one);
  }

  async #tellChange(found: NewDefinition): Promise<void> {
    const { store, clock } = this.#options;
    const { definition, hash } = found;
    const file = this.#folders.flows.find((flow) => flow.definition === definition)?.file ?? null;
    const { person, how } = file === null ? { person: null, how: "by its program" } : await authorOf(file);
    const detail = changeWords(found, { file: file ?? "a program", how });
    const flow = { flow_id: definition.flow_id, execution_id: null };
    const event = { audit_id: changeId(hash), at: clock.now(), action: "define" as const, person, ...flow, detail };
    await store.recordAudit({ events: [event] });
  }

  /** Content that is new under a version that is known: people could not tell the two apart. */
  async #keep(): Promise<Problem[]> {
    const { store, clock, logger } = this.#options;
    const { flows } = this.#folders;
    try {
      const definitions = flows.map(({ definition }) => definition);
      const found: NewDefinition[] = [];
      const onNew = (one: NewDefinition) => void found.push(one);
      const changed = await keepDefinitions({ store, definitions, now: clock.now(), onNew });
      // Who changed them is asked of git, which nobody waits for.
      this.#told = this.#tellChanges(found).catch((error: unknown) => {
        logger.warn({ err: error }, "who changed the flows could not be recorded");
      });
      return flows.filter(({ definition }) => changed.includes(definition)).map(sameVersion);
    } catch (error) {
      // Whatever starts stores its own definition first, so nothing but this list is late.
      logger.error({ err: error }, "the versions of the flows could not be stored");
      return [];
    }
  }
}

function changeWords(
  { before, definition, hash }: NewDefinition,
  { file, how }: { file: string; how: string },
): string {
  const lines = before === null ? ["the first that was seen"] : differenceLines(flowDifference(before, definition));
  const shown = lines.slice(0, changesShown).map((line) => line.trim());
  const more = lines.length > shown.length ? [`and ${lines.length - shown.length} more`] : [];
  return `${definition.version} (${hash.slice(0, 12)}) in ${file}, ${how}: ${[...shown, ...more].join("; ")}`;
}

function sameVersion({ definition: { flow_id, version }, file }: LoadedFlow): Problem {
  const message = `${flow_id} ${version} has other content than before; executions that run keep theirs: raise the version`;
  return { file: file ?? flow_id, line: 1, column: 1, message, severity: "warning" };
}

function whatChanged({ flowId, before, after }: FlowChange): string {
  if (after === null) return `${flowId} is gone: it starts and fires no more; what runs of it goes on`;
  if (before === null || before.version === after.version) return `${flowId} ${after.version} is taken up`;
  return `${flowId} ${after.version} is taken up in place of ${before.version}`;
}
