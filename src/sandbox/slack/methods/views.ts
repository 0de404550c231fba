/** Modals and Home. A trigger id is spent only when nothing else is wrong. */
import { SlackError } from "../slack-error.ts";
import type { MethodArguments } from "../method-arguments.ts";
import type { Method } from "../method.ts";
import type { Fields } from "../problems.ts";
import { newView, updatedView } from "../view-object.ts";
import type { StoredView } from "../view-store.ts";
import type { SlackWorkspace } from "../workspace.ts";

const HIGHEST_STACK = 3;

export const openView: Method = (args, workspace) => {
  const { triggerId, user } = triggerOf(args, workspace);
  const opened = newView({ given: viewOf(args, workspace), user, kind: "modal", below: null, workspace });
  workspace.triggers.use(triggerId);
  workspace.views.open(opened);
  return { view: opened.view };
};

export const pushView: Method = (args, workspace) => {
  const { triggerId, user } = triggerOf(args, workspace);
  const below = workspace.views.topOf(user);
  if (below === null) throw new SlackError("not_found");
  if (below.depth + 1 >= HIGHEST_STACK) throw new SlackError("push_limit_reached");
  const pushed = newView({ given: viewOf(args, workspace), user, kind: "modal", below, workspace });
  workspace.triggers.use(triggerId);
  workspace.views.put(pushed);
  return { view: pushed.view };
};

/** By `view_id` or `external_id`; a `hash` refuses to overwrite what somebody else changed meanwhile. */
export const updateView: Method = (args, workspace) => {
  const stored = requireView(args, workspace);
  requireHash(args, stored);
  const updated = updatedView(stored, args.object("view", "invalid_arguments"), workspace);
  workspace.views.put(updated);
  return { view: updated.view };
};

export const publishView: Method = (args, workspace) => {
  const user = args.required("user_id");
  if (workspace.people.find(user) === null) throw new SlackError("user_not_found");
  const given = args.object("view", "invalid_arguments");
  const stored = workspace.views.homeOf(user);
  if (stored !== null) requireHash(args, stored);
  const published =
    stored === null
      ? newView({ given, user, kind: "home", below: null, workspace })
      : updatedView(stored, given, workspace);
  workspace.views.put(published);
  return { view: published.view };
};

function triggerOf(args: MethodArguments, workspace: SlackWorkspace): { triggerId: string; user: string } {
  const triggerId = args.text("trigger_id") ?? args.required("interactivity_pointer");
  return { triggerId, user: workspace.triggers.check(triggerId) };
}

function viewOf(args: MethodArguments, { views }: SlackWorkspace): Fields {
  const given = args.object("view", "invalid_arguments");
  const externalId = given["external_id"];
  if (typeof externalId === "string" && externalId !== "" && views.findByExternalId(externalId) !== null) {
    throw new SlackError("duplicate_external_id");
  }
  return given;
}

function requireView(args: MethodArguments, { views }: SlackWorkspace): StoredView {
  const id = args.text("view_id");
  const stored = id === null ? views.findByExternalId(args.required("external_id")) : views.find(id);
  if (stored === null) throw new SlackError("not_found");
  return stored;
}

function requireHash(args: MethodArguments, stored: StoredView): void {
  const hash = args.text("hash");
  if (hash !== null && hash !== stored.view["hash"]) throw new SlackError("hash_conflict");
}
