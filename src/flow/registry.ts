/** The flows that are known: of folders and of this program, kept by flow_id and version. A broken one stops nothing. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ActionCatalogue } from "./action.ts";
import type { RegisteredFlow } from "./api/registered-flows.ts";
import { readFlowTrees, type Extension } from "./flow-extends.ts";
import type { FlowKnowledge, Problem } from "./flow-file.ts";
import { fileTree, programTree, type FlowTree } from "./flow-file/tree.ts";
import { loadFlowModule } from "./flow-module.ts";
import type { Within } from "./module-file.ts";
import { definitionHash } from "./flow.ts";
import type { FlowDefinition } from "./flow.ts";
import { checkSubFlows, type CheckedFlow } from "./sub-flows.ts";
import { compareVersions } from "./version.ts";

export interface LoadedFlow {
  definition: FlowDefinition;
  /** Null for a flow that a program made. */
  file: string | null;
  /** Null where it starts from no other; left out where nobody has looked. */
  extension?: Extension | null;
}

/** Of several versions of a flow_id the highest starts and fires. */
export class FlowRegistry {
  readonly problems: Problem[] = [];
  readonly #versions = new Map<string, LoadedFlow[]>();

  /** Of one flow_id and version the first stays; a second with other content is a problem that names both. */
  add(flow: LoadedFlow): void {
    const { flow_id, version } = flow.definition;
    const versions = this.#versions.get(flow_id) ?? [];
    const known = versions.find((each) => compareVersions(each.definition.version, version) === 0);
    if (known === undefined) {
      const all = [...versions, flow];
      this.#versions.set(
        flow_id,
        all.toSorted((a, b) => compareVersions(b.definition.version, a.definition.version)),
      );
      return;
    }
    if (definitionHash(known.definition) !== definitionHash(flow.definition)) this.problems.push(clash(known, flow));
  }

  /** Without a version the highest; null where there is none. */
  get({ flowId, version }: { flowId: string; version?: string }): LoadedFlow | null {
    const versions = this.#versions.get(flowId) ?? [];
    if (version === undefined) return versions[0] ?? null;
    return versions.find((each) => compareVersions(each.definition.version, version) === 0) ?? null;
  }

  /** Each flow_id once, in its highest version, in the order of the ids. */
  all(): LoadedFlow[] {
    return [...this.#versions.keys()].toSorted().flatMap((flowId) => this.get({ flowId }) ?? []);
  }
}

export interface FlowFolders extends FlowKnowledge {
  folders: readonly string[];
  /** Besides what is in the folders, whatever they are called. */
  files?: readonly string[];
  /** Of this process's program; they come before the files. */
  registered?: { all(): readonly RegisteredFlow[]; readonly revision: number };
  /** Actions of one's own, beside those of the catalogue. */
  ownActions?: OwnCatalogue;
  /** How long a file in TypeScript is waited for; left out: for ever. */
  within?: Within;
}

/** Actions that come and go with their files. */
export interface OwnCatalogue {
  readonly folders: readonly string[];
  /** As of now; `revision` grows when they change. */
  look(): Promise<{ catalogue: ActionCatalogue; problems: readonly Problem[]; revision: number }>;
}

/** Every `*.yml`, `*.yaml` and `*.ts` below the folders, but for tests beside them (`*.test.yml`, `*.test.ts`). */
export async function loadFlowFolders({
  folders,
  files = [],
  registered,
  ownActions,
  within,
  ...asked
}: FlowFolders): Promise<{ flows: LoadedFlow[]; problems: Problem[] }> {
  const own = await ownActions?.look();
  const problems: Problem[] = [...(own?.problems ?? [])];
  const known = { ...asked, catalogue: [...asked.catalogue, ...(own?.catalogue ?? [])] };
  const trees = (registered?.all() ?? []).map((flow) => treeOf(flow, { source: programSource(flow), file: null }));
  for (const file of new Set([...(await flowFiles(folders, problems)), ...files])) {
    const text = await readText(file, problems);
    if (text !== null) trees.push(...(await treesIn({ file, text, within }, problems)));
  }
  const registry = new FlowRegistry();
  const flows: (LoadedFlow & CheckedFlow)[] = [];
  const broken = new Map<string, string>();
  for (const { definition, flowId, errorAt, extension, tree, ...told } of readFlowTrees(trees, known)) {
    const { source, file } = tree;
    problems.push(...told.problems);
    if (definition === null && flowId !== null) broken.set(flowId, source);
    if (definition === null) continue;
    const clashes = registry.problems.length;
    const flow = { definition, file, source, errorAt, extension };
    registry.add(flow);
    if (registry.problems.length === clashes) flows.push(flow);
  }
  const checked = checkSubFlows({ flows, broken });
  const loaded = checked.sound.map(({ definition, file, extension = null }) => ({ definition, file, extension }));
  return { flows: loaded, problems: [...problems, ...checked.problems, ...registry.problems] };
}

async function treesIn(
  { file, text, within }: { file: string; text: string; within: Within | undefined },
  problems: Problem[],
): Promise<FlowTree[]> {
  if (!file.endsWith(".ts")) return [fileTree({ file, text })];
  const module = await loadFlowModule({ file, text, within });
  problems.push(...module.problems);
  return module.flows.map((flow) => treeOf(flow, { source: file, file }));
}

function treeOf(flow: RegisteredFlow, from: { source: string; file: string | null }): FlowTree {
  return programTree({ ...from, document: flow.document() });
}

/** What problems of a flow that a program registered have in a file's place. */
export function programSource({ flowId }: Pick<RegisteredFlow, "flowId">): string {
  return `the program's ${flowId}`;
}

/** Sorted within each folder, each once; folders that can't be read are problems. */
export async function flowFiles(folders: readonly string[], problems: Problem[]): Promise<string[]> {
  const found = new Set<string>();
  for (const folder of folders) {
    try {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => !entry.isDirectory() && isFlowFile(entry.name));
      for (const file of files.map((entry) => join(entry.parentPath, entry.name)).toSorted()) found.add(file);
    } catch (error) {
      problems.push(atStart(folder, `this folder of flows can't be read (${reasonOf(error)}); see REVOPS_FLOWS`));
    }
  }
  return [...found];
}

async function readText(file: string, problems: Problem[]): Promise<string | null> {
  try {
    const { size } = await stat(file);
    if (size > largestFile) {
      problems.push(atStart(file, "this file is far too large for a flow, so it isn't read"));
      return null;
    }
    return utf8.decode(await readFile(file));
  } catch (error) {
    const reason = error instanceof TypeError ? "it isn't UTF-8 text" : reasonOf(error);
    problems.push(atStart(file, `this file can't be read (${reason})`));
    return null;
  }
}

/** Bytes; what a flow file may have in characters is less. */
const largestFile = 4_000_000;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function isFlowFile(name: string): boolean {
  return /\.(?:ya?ml|ts)$/.test(name) && !/\.(?:test\.ya?ml|test\.ts|d\.ts)$/.test(name) && !name.startsWith(".");
}

function clash(known: LoadedFlow, second: LoadedFlow): Problem {
  const { flow_id, version } = second.definition;
  const [first, other] = [known.file ?? "a program", second.file ?? "a program"];
  return atStart(
    other,
    `${flow_id} ${version} is defined here and, otherwise, in ${first}; the first counts: give one another version`,
  );
}

function atStart(file: string, message: string): Problem {
  return { file, line: 1, column: 1, message, severity: "error" };
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "it isn't there"],
  ["ENOTDIR", "it is a file"],
  ["EISDIR", "it is a folder"],
  ["EACCES", "this user may not read it"],
]);

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  return reasons.get(code) ?? code;
}
