/** `flows`: what can be started, and what fires by itself; of one flow, its versions and what the newest has changed. */
import type { Engine, FlowVersion } from "../../engine/engine.ts";
import { flowDifference } from "../../flow/difference.ts";
import { flowList } from "../views/flow-list.ts";
import { flowVersionList, type VersionChange } from "../views/flow-versions.ts";
import type { Message } from "../views/message.ts";
import type { Ask } from "./answer.ts";

export async function flows(ask: Pick<Ask, "services">): Promise<Message> {
  const { engine, timezone } = ask.services;
  return flowList({ flows: await engine.flows(), timezone });
}

export async function flowVersions({ services, flowId }: Pick<Ask, "services"> & { flowId: string }): Promise<Message> {
  const { engine, timezone } = services;
  const versions = await engine.versions({ flowId });
  const summary = (await engine.flows()).find(({ definition }) => definition.flow_id === flowId) ?? null;
  return flowVersionList({ flowId, summary, versions, change: await changeOf(engine, versions), timezone });
}

/** From the one that was seen before to the current one, or the last. Null: there is one only, or a definition is gone. */
async function changeOf(engine: Engine, versions: readonly FlowVersion[]): Promise<VersionChange | null> {
  const to = versions.find(({ isCurrent }) => isCurrent) ?? versions[0];
  const from = versions.find((version) => version !== to);
  if (from === undefined || to === undefined) return null;
  const [before, after] = await Promise.all([from, to].map(({ hash }) => engine.definition({ hash })));
  if (!before || !after) return null;
  return { from: from.version, to: to.version, differences: flowDifference(before, after) };
}
