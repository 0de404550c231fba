/** A view as Slack holds it: what the bot gave, completed. */
import { fillBlocks } from "./block-fill.ts";
import { imageProblems } from "./image-check.ts";
import { blocks } from "./message.ts";
import { isObject, type Fields } from "./problems.ts";
import { viewProblems } from "./view-check.ts";
import { randomId } from "./slack-id.ts";
import { SlackError } from "./slack-error.ts";
import type { StoredView } from "./view-store.ts";
import type { SlackWorkspace } from "./workspace.ts";

const LARGEST_VIEW_BYTES = 250_000;

/** A new view; `below` is the one that it is pushed on. */
export function newView(parameters: {
  given: Fields;
  user: string;
  kind: "modal" | "home";
  below: StoredView | null;
  workspace: SlackWorkspace;
}): StoredView {
  const { given, user, kind, below, workspace } = parameters;
  const id = randomId("V", workspace.randomHex);
  const root: unknown = below === null ? id : below.view["root_view_id"];
  const place = { id, root_view_id: root, previous_view_id: below?.id ?? null };
  const view = { ...content({ given, kind, workspace, seed: id }), ...place };
  return { id, user, kind, depth: below === null ? 0 : below.depth + 1, view };
}

/** The same view with other content: id and place in the stack stay. */
export function updatedView(stored: StoredView, given: Fields, workspace: SlackWorkspace): StoredView {
  const { id, root_view_id: root, previous_view_id: previous } = stored.view;
  const made = content({ given, kind: stored.kind, workspace, seed: stored.id });
  return { ...stored, view: { ...made, id, root_view_id: root, previous_view_id: previous } };
}

function content(parameters: {
  given: Fields;
  kind: "modal" | "home";
  workspace: SlackWorkspace;
  seed: string;
}): Fields {
  const { given, kind, workspace, seed } = parameters;
  if (Buffer.byteLength(JSON.stringify(given)) > LARGEST_VIEW_BYTES) throw new SlackError("view_too_large");
  const problems = [...viewProblems(given, kind), ...imageProblems(given["blocks"], workspace, "/view/blocks")];
  if (problems.length > 0) throw new SlackError("invalid_arguments", problems);
  const { teamId, appId, botId } = workspace.identity;
  return {
    team_id: teamId,
    app_id: appId,
    app_installed_team_id: teamId,
    bot_id: botId,
    type: kind,
    title: plain(given["title"]),
    close: plain(given["close"]),
    submit: plain(given["submit"]),
    blocks: fillBlocks(blocks.parse(given["blocks"]), seed),
    private_metadata: given["private_metadata"] ?? "",
    callback_id: given["callback_id"] ?? "",
    external_id: given["external_id"] ?? "",
    clear_on_close: given["clear_on_close"] === true,
    notify_on_close: given["notify_on_close"] === true,
    state: { values: {} },
    hash: `${Math.floor(workspace.clock.now() / 1_000)}.${workspace.randomHex(4)}`,
  };
}

function plain(text: unknown): unknown {
  return isObject(text) ? { emoji: true, ...text } : null;
}
