/** What differs between two versions of a flow, named or the newest two. */
import type { Engine, FlowVersion } from "../../engine/engine.ts";
import { differenceLines, flowDifference, type Difference } from "../../flow/difference.ts";
import type { FlowDefinition } from "../../flow/flow.ts";
import { nearest } from "../../flow/nearest.ts";
import type { Answer } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import type { Paper } from "../paper.ts";
import { plain } from "../plain.ts";
import type { Session } from "../session.ts";

/** A hash is told apart by these. */
export const shortHash = 12;

export async function differenceOf({ engine }: Session, flowId: string, texts: readonly string[]): Promise<Answer> {
  const versions = await engine.versions({ flowId });
  const [from, to] =
    texts.length === 0 ? newestTwo(flowId, versions) : texts.map((text) => versionOf(flowId, versions, text));
  if (from === undefined || to === undefined) throw new UsageError("--diff takes two versions, or none.");
  const differences = flowDifference(await definitionOf(engine, from), await definitionOf(engine, to));
  return {
    document: {
      flow_id: flowId,
      from: brief(from),
      to: brief(to),
      differences: differences.map((one) => ({ ...one })),
    },
    text: (paper) => differenceText(paper, { flowId, from, to, differences }),
  };
}

function brief({ version, hash }: FlowVersion) {
  return { version, hash };
}

/** From the one that was seen before to the current one, or the last. */
function newestTwo(flowId: string, versions: readonly FlowVersion[]): [FlowVersion, FlowVersion] {
  const to = versions.find(({ isCurrent }) => isCurrent) ?? versions[0];
  const from = versions.find((version) => version !== to);
  if (from === undefined || to === undefined) throw new CommandError([`${flowId} has one version only.`]);
  return [from, to];
}

/** By version (the newest content of it) or by the beginning of a hash. */
function versionOf(flowId: string, versions: readonly FlowVersion[], text: string): FlowVersion {
  const found = versions.find(({ version }) => version === text) ?? byHash(versions, text);
  if (found !== undefined) return found;
  const known = versions.map(({ version }) => version);
  throw new CommandError(
    [`${flowId} has no version ${plain(text)}; it has ${known.join(", ")}.`],
    nearest(text, known),
  );
}

function byHash(versions: readonly FlowVersion[], text: string): FlowVersion | undefined {
  const found = text.length < 6 ? [] : versions.filter(({ hash }) => hash.startsWith(text.toLowerCase()));
  return found.length === 1 ? found[0] : undefined;
}

async function definitionOf(engine: Engine, { hash, version }: FlowVersion): Promise<FlowDefinition> {
  const definition = await engine.definition({ hash });
  if (definition === null) throw new CommandError([`The definition of version ${version} is gone from the store.`]);
  return definition;
}

const colours = { added: "green", removed: "red", changed: "yellow" } as const;

function differenceText(
  paper: Paper,
  parameters: { flowId: string; from: FlowVersion; to: FlowVersion; differences: Difference[] },
): string {
  const { flowId, from, to, differences } = parameters;
  const title = paper.mark("bold", `${flowId}: ${named(from)} → ${named(to)}`);
  if (differences.length === 0) return `${title}\nNo difference.`;
  const lines = differences.flatMap((one) =>
    differenceLines([one]).map((line) => paper.mark(colours[one.kind], plain(line))),
  );
  return [title, ...lines].join("\n");
}

function named({ version, hash }: FlowVersion): string {
  return `${plain(version)} (${hash.slice(0, shortHash)})`;
}
