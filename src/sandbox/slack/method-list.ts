/** Every Web API method of the stand-in, and which token opens it. */
import { appsConnectionsOpen, apiTest, authTest } from "./methods/auth.ts";
import { deleteMessage, getPermalink, postEphemeral, postMessage, updateMessage } from "./methods/chat.ts";
import { completeUpload, fileInfoOf, getUploadUrl } from "./methods/files.ts";
import * as conversations from "./methods/conversations.ts";
import { history, replies } from "./methods/history.ts";
import { listGroups, listGroupUsers } from "./methods/usergroups.ts";
import { listUsers, lookupByEmail, userInfo } from "./methods/users.ts";
import { openView, publishView, pushView, updateView } from "./methods/views.ts";
import type { Method } from "./method.ts";

interface Listed {
  token: "bot" | "app" | "none";
  run: Method;
}

const byBot: Record<string, Method> = {
  "auth.test": authTest,
  "chat.postMessage": postMessage,
  "chat.postEphemeral": postEphemeral,
  "chat.update": updateMessage,
  "chat.delete": deleteMessage,
  "chat.getPermalink": getPermalink,
  "conversations.list": conversations.list,
  "conversations.info": conversations.info,
  "conversations.open": conversations.open,
  "conversations.members": conversations.members,
  "conversations.join": conversations.join,
  "conversations.history": history,
  "conversations.replies": replies,
  "files.getUploadURLExternal": getUploadUrl,
  "files.completeUploadExternal": completeUpload,
  "files.info": fileInfoOf,
  "users.list": listUsers,
  "users.info": userInfo,
  "users.lookupByEmail": lookupByEmail,
  "usergroups.list": listGroups,
  "usergroups.users.list": listGroupUsers,
  "views.open": openView,
  "views.push": pushView,
  "views.update": updateView,
  "views.publish": publishView,
};

export const methods: ReadonlyMap<string, Listed> = new Map<string, Listed>([
  ["api.test", { token: "none", run: apiTest }],
  ["apps.connections.open", { token: "app", run: appsConnectionsOpen }],
  ...Object.entries(byBot).map(([name, run]): [string, Listed] => [name, { token: "bot", run }]),
]);
