/** What becomes of a call of the Web API: an armed fault's doing, a limit's, or the method's own answer. */
import type { FaultName } from "../page-api.ts";
import type { Fields } from "./problems.ts";
import type { Rates } from "./rate-limits.ts";
import { answerCall, type ApiCall } from "./web-api.ts";
import type { SlackWorkspace } from "./workspace.ts";

export type CallOutcome =
  | { kind: "answered"; status: number; body: Fields; headers: Record<string, string>; fault: FaultName | null }
  /** Carried out, and nobody is told. */
  | { kind: "cut"; body: Fields; fault: FaultName };

const FAULT_WAIT_SECONDS = 2;
const LOSABLE = new Set(["chat.postMessage", "chat.update"]);
const LIMITED: Record<string, keyof Rates> = {
  "chat.postMessage": "post",
  "chat.update": "update",
  "views.publish": "publish",
};

export function outcomeOf(call: ApiCall, workspace: SlackWorkspace): CallOutcome {
  const { faults } = workspace;
  const isChat = call.method.startsWith("chat.");
  if (isChat && faults.take("rate_limited")) return throttled(FAULT_WAIT_SECONDS, "rate_limited");
  if (isChat && faults.take("server_error")) {
    return { kind: "answered", status: 500, body: {}, headers: {}, fault: "server_error" };
  }
  const wait = waitOf(call, workspace);
  if (wait !== null) return throttled(wait, null);
  const body = answerCall(call, workspace);
  if (LOSABLE.has(call.method) && body["ok"] === true && faults.take("lost_answer")) {
    return { kind: "cut", body, fault: "lost_answer" };
  }
  return { kind: "answered", status: 200, body, headers: {}, fault: null };
}

/** A channel that isn't there has no limit: its answer is that it isn't there. */
function waitOf({ method, values }: ApiCall, { limits, channels }: SlackWorkspace): number | null {
  const kind = Object.hasOwn(LIMITED, method) ? LIMITED[method] : undefined;
  if (kind === undefined) return null;
  if (kind !== "post") return limits.secondsToWait(kind, "");
  const channel = typeof values["channel"] === "string" ? channels.resolve(values["channel"]) : null;
  return channel === null ? null : limits.secondsToWait(kind, channel.id);
}

function throttled(seconds: number, fault: FaultName | null): CallOutcome {
  const body = { ok: false, error: "ratelimited" };
  return { kind: "answered", status: 429, body, headers: { "retry-after": String(seconds) }, fault };
}
