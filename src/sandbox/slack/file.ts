/** A file as it is stored, and as Slack's API shows it. Pure. */
import { z } from "zod";
import type { Identity } from "./identity.ts";

export const fileInfo = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  /** Empty where nobody gave one. */
  altText: z.string(),
  mimetype: z.string(),
  sizeBytes: z.number(),
  /** Seconds of the sandbox's clock. */
  createdAt: z.number(),
  /** Real time: before it Slack is still looking at the file, and says nothing of what it is. */
  readyAt: z.number(),
});
export type FileInfo = z.infer<typeof fileInfo>;

/** Where it is shared. */
export interface FileShare {
  channel: string;
  kind: "channel" | "im";
  ts: string;
}

/** Where only a token opens it. */
export function privatePath({ id, name }: FileInfo, { teamId }: Identity): string {
  return `/files-pri/${teamId}-${id}/${encodeURIComponent(name.toLowerCase())}`;
}

/** What stands in a message. */
export function asSlackFile(parameters: { file: FileInfo; identity: Identity; url: string }): Record<string, unknown> {
  const { file, identity, url } = parameters;
  const address = `${url}${privatePath(file, identity)}`;
  return {
    id: file.id,
    created: file.createdAt,
    timestamp: file.createdAt,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.name.split(".").at(-1)?.toLowerCase() ?? "",
    pretty_type: file.mimetype.split("/").at(-1)?.toUpperCase() ?? "",
    user: identity.botUserId,
    user_team: identity.teamId,
    editable: false,
    size: file.sizeBytes,
    mode: "hosted",
    is_external: false,
    external_type: "",
    is_public: true,
    public_url_shared: false,
    display_as_bot: false,
    username: "",
    url_private: address,
    url_private_download: address,
    permalink: `${url}/files/${identity.botUserId}/${file.id}/${encodeURIComponent(file.name.toLowerCase())}`,
    ...(file.altText === "" ? {} : { alt_txt: file.altText }),
    has_rich_preview: false,
    file_access: "visible",
  };
}

/** What `files.info` and the end of an upload give: without kind and places until Slack has looked at it. */
export function asSlackFileInfo(parameters: {
  file: FileInfo;
  shares: readonly FileShare[];
  identity: Identity;
  url: string;
  realNow: number;
}): Record<string, unknown> {
  const { file, shares, realNow } = parameters;
  const isReady = realNow >= file.readyAt;
  const known = isReady ? shares : [];
  const places = (kind: FileShare["kind"]) => known.filter((share) => share.kind === kind);
  const open = places("channel");
  return {
    ...asSlackFile(parameters),
    ...(isReady ? {} : { mimetype: "", filetype: "", pretty_type: "" }),
    channels: open.map(({ channel }) => channel),
    groups: [],
    ims: places("im").map(({ channel }) => channel),
    shares: open.length === 0 ? {} : { public: Object.fromEntries(open.map(({ channel, ts }) => [channel, [{ ts }]])) },
  };
}
