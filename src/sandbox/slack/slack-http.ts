/** Slack's addresses: `/api/METHOD`, `/response/TEAM/ID`, and permalinks, which lead to the page. */
import { mediaType, parseForm, parseJsonObject, readBody } from "../http/body.ts";
import { HttpError, replyJson, replyText } from "../http/reply.ts";
import type { HttpExchange, HttpPart } from "../http/sandbox-server.ts";
import { outcomeOf } from "./call-outcome.ts";
import { isObject, type Fields } from "./problems.ts";
import { answerThrough } from "./response-url.ts";
import { SlackError } from "./slack-error.ts";
import type { SlackWorkspace } from "./workspace.ts";

const LIMIT_BYTES = 1_500_000;
/** An address that can't be used any more; whatever else is wrong is the caller's. */
const GONE = new Set(["no_such_url", "expired_url", "used_url"]);

export function slackHttp(workspace: SlackWorkspace): HttpPart {
  return async (exchange) => {
    const [, area, first = "", second = ""] = exchange.url.pathname.split("/");
    if (area === "api") await answerApi(exchange, first, workspace);
    else if (area === "response") await answerResponse(exchange, second, workspace);
    else if (area === "archives") showArchive(exchange, { channelId: first, message: second }, workspace);
    else return false;
    return true;
  };
}

async function answerApi(
  { request, response, url }: HttpExchange,
  method: string,
  workspace: SlackWorkspace,
): Promise<void> {
  const body = await readBody(request, LIMIT_BYTES);
  const values = readArguments(mediaType(request), body);
  if (values === null) return replyJson(response, 200, { ok: false, error: "invalid_post_type" });
  if (values === "invalid_json") return replyJson(response, 200, { ok: false, error: "invalid_json" });
  const all = { ...Object.fromEntries(url.searchParams), ...values };
  const authorization = request.headers.authorization ?? null;
  const passage = workspace.traffic.begin({ direction: "from_app", via: "web_api", name: method, request: all });
  const outcome = outcomeOf({ method, values: all, authorization }, workspace);
  const { body: answer, fault } = outcome;
  if (outcome.kind === "cut") {
    passage.end({ status: "cut", answer, fault });
    return void response.destroy();
  }
  passage.end({ status: statusOf(outcome), answer, fault });
  replyJson(response, outcome.status, answer, outcome.headers);
}

/** Slack's word where there is one. */
function statusOf({ status, body }: { status: number; body: Fields }): string {
  if (body["ok"] === true) return "ok";
  return typeof body["error"] === "string" && status === 200 ? body["error"] : String(status);
}

function readArguments(type: string, body: string): Fields | "invalid_json" | null {
  if (type === "" || type === "application/x-www-form-urlencoded") return parseForm(body);
  if (type !== "application/json") return null;
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : "invalid_json";
  } catch {
    return "invalid_json";
  }
}

async function answerResponse(exchange: HttpExchange, id: string, workspace: SlackWorkspace): Promise<void> {
  const { request, response } = exchange;
  if (request.method !== "POST") throw new HttpError(405, "Only POST.");
  const values = parseJsonObject(await readBody(request, LIMIT_BYTES));
  const name = "response_url";
  const passage = workspace.traffic.begin({ direction: "from_app", via: "response_url", name, request: values });
  try {
    answerThrough({ id, values, counts: true }, workspace);
    passage.end({ status: "ok" });
    replyText(response, 200, "ok");
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    passage.end({ status: error.code, answer: error.toBody() });
    if (GONE.has(error.code)) return replyJson(response, 404, { ok: false, error: error.code });
    // As a webhook does: the word alone, without the reasons.
    replyText(response, 400, error.code);
  }
}

/** `/archives/C…/p1700000000000100`: the message, in the page. */
function showArchive(
  { response }: HttpExchange,
  { channelId, message }: { channelId: string; message: string },
  { channels, messages }: SlackWorkspace,
): void {
  const channel = channels.find(channelId);
  if (channel === null) return replyText(response, 404, "There is no such channel.");
  const digits = /^p(\d{10})(\d{6})$/.exec(message);
  const found = digits === null ? null : messages.find(channelId, `${digits[1]}.${digits[2]}`);
  const place = channel.kind === "im" ? `d/${channel.id}` : `c/${channel.name}`;
  const thread = found === null ? "" : `/${found.threadTs ?? found.ts}`;
  response.writeHead(302, { location: `/#/${place}${thread}` });
  response.end();
}
