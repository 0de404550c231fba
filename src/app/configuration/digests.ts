/** `digests` of revops.yml: who is told on which morning of the week what stands. */
import { defaultDigests, DigestDay, type DigestSettings } from "../../agents/local/digest/digest-settings.ts";
import type { Reader } from "../../flow/flow-file/reader.ts";
import type { SourceNode } from "../../flow/flow-file/source.ts";

/** `channel` null: the default one. */
export type DigestConfiguration = Pick<DigestSettings, "owners" | "rollUp" | "day" | "hour"> & {
  channel: string | null;
};

export const usualDigests: DigestConfiguration = { ...defaultDigests, channel: null };

export function readDigests(
  node: SourceNode | null,
  { reader, channel }: { reader: Reader; channel: (node: SourceNode) => string | null },
): DigestConfiguration {
  const keys = ["owners", "roll_up", "day", "hour", "channel"];
  const fields = node === null ? null : reader.fields(node, { what: "digests", keys });
  if (fields === null) return usualDigests;
  const [owners, rollUp, day, hour, where] = keys.map((key) => fields.get(key));
  return {
    owners: owners ? (reader.flag(owners, "owners") ?? true) : usualDigests.owners,
    rollUp: rollUp ? (reader.flag(rollUp, "roll_up") ?? true) : usualDigests.rollUp,
    day: day ? (reader.oneOf(day, { what: "day", words: DigestDay.options }) ?? usualDigests.day) : usualDigests.day,
    hour: hour ? (reader.wholeNumber(hour, { what: "hour", min: 0, max: 23 }) ?? usualDigests.hour) : usualDigests.hour,
    channel: where ? channel(where) : null,
  };
}
