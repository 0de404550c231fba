/** The Web API: finds the method, checks the token, answers. Refusals are `200` with `ok: false`, as Slack's are. */
import { methods } from "./method-list.ts";
import { MethodArguments } from "./method-arguments.ts";
import type { Fields } from "./problems.ts";
import { SlackError } from "./slack-error.ts";
import type { SlackWorkspace } from "./workspace.ts";

export interface ApiCall {
  method: string;
  values: Fields;
  /** The `Authorization` header; a form may carry `token` instead. */
  authorization: string | null;
}

export function answerCall(call: ApiCall, workspace: SlackWorkspace): Record<string, unknown> {
  try {
    const found = methods.get(call.method);
    if (found === undefined) return { ok: false, error: "unknown_method", req_method: call.method };
    if (found.token !== "none") checkToken({ call, wanted: found.token, workspace });
    return { ok: true, ...found.run(new MethodArguments(call.values), workspace) };
  } catch (error) {
    if (error instanceof SlackError) return error.toBody();
    throw error;
  }
}

function checkToken(parameters: { call: ApiCall; wanted: "bot" | "app"; workspace: SlackWorkspace }): void {
  const { call, wanted, workspace } = parameters;
  const { botToken, appToken } = workspace.identity;
  const { token: form } = call.values;
  const token = tokenIn({ authorization: call.authorization, form: typeof form === "string" ? form : null });
  if (token === null) throw new SlackError("not_authed");
  if (token !== botToken && token !== appToken) throw new SlackError("invalid_auth");
  if (token !== (wanted === "bot" ? botToken : appToken)) throw new SlackError("not_allowed_token_type");
}

/** The header's goes before the form's. */
export function tokenIn({ authorization, form }: { authorization: string | null; form: string | null }): string | null {
  const bearer = /^Bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  return bearer ?? (form === "" ? null : form);
}
