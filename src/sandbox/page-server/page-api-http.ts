/** `/sandbox/*`: the page's questions and acts, in `page-api.ts`'s words. */
import { z } from "zod";
import { parseJsonObject, readBody } from "../http/body.ts";
import { requireSameOriginJson } from "../http/origin-guard.ts";
import { HttpError, replyJson } from "../http/reply.ts";
import type { HttpExchange, HttpPart } from "../http/sandbox-server.ts";
import type { PageView } from "../page-api.ts";
import type { CalendarStore } from "../google/calendar-store.ts";
import type { MailStore } from "../mail/mail-store.ts";
import type { ActAnswer, Acting } from "../slack/people-acts.ts";
import { pressInMessage, pressInView } from "../slack/press.ts";
import type { Fields } from "../slack/problems.ts";
import { closeView, openHome, submitView } from "../slack/view-acts.ts";
import { writeMessage } from "../slack/write-message.ts";
import { causeFault, clearFault, faultName } from "./page-faults.ts";
import { moveClock, type Advance } from "./move-clock.ts";
import { actingSetting, pageMessages, pageState } from "./page-state.ts";
import { asPageView } from "./page-view.ts";

const LIMIT_BYTES = 256_000;

export interface PageContext {
  acting: Acting;
  mails: MailStore;
  events: CalendarStore;
  advance: Advance;
}

const id = z.string().min(1).max(100);
const message = z.object({
  as: id,
  channel: id,
  text: z.string(),
  threadTs: z
    .string()
    .nullish()
    .transform((ts) => ts ?? null),
});
const press = z.object({ as: id, blockId: z.string(), actionId: z.string(), value: z.unknown().optional() });
const messagePress = press.extend({ channel: id, ts: z.string() });
const viewPress = press.extend({ viewId: id, values: z.unknown().optional() });
const viewClose = z.object({ as: id, viewId: id });
const viewSubmit = viewClose.extend({ values: z.unknown().optional() });

const fault = z.object({ name: faultName });

type Act = (body: Fields, acting: Acting) => Promise<ActAnswer> | ActAnswer;

const acts: Record<string, Act> = {
  message: (body, acting) => writeMessage(read(message, body), acting),
  action: (body, acting) => pressInMessage(read(messagePress, body), acting),
  "view-action": (body, acting) => pressInView(read(viewPress, body), acting),
  "view-submit": (body, acting) => submitView(read(viewSubmit, body), acting),
  "view-close": (body, acting) => closeView(read(viewClose, body), acting),
  "home-open": (body, acting) => openHome(read(z.object({ as: id }), body), acting),
  fault: (body, acting) => causeFault(read(fault, body), acting),
  "fault-clear": (body, acting) => clearFault(read(fault, body), acting),
};

export function pageApi(context: PageContext): HttpPart {
  return async (exchange) => {
    const [, area, name = ""] = exchange.url.pathname.split("/");
    if (area !== "sandbox") return false;
    if (exchange.request.method === "GET") replyJson(exchange.response, 200, question(name, exchange.url, context));
    else if (exchange.request.method === "POST") await act(exchange, name, context);
    else throw new HttpError(405, "Only GET and POST.");
    return true;
  };
}

function question(name: string, url: URL, { acting, mails, events }: PageContext): unknown {
  const { workspace } = acting;
  switch (name) {
    case "state":
      return pageState(workspace);
    case "messages":
      return { messages: pageMessages(channelOf(url, workspace), asOf(url), workspace) };
    case "mails":
      return { mails: mails.list() };
    case "calendar":
      return { events: events.forPage() };
    case "views":
      return { view: shown(workspace.views.topOf(asOf(url))) };
    case "traffic":
      return { entries: workspace.traffic.list() };
    case "home":
      return { view: shown(workspace.views.homeOf(asOf(url))) };
    default:
      throw new HttpError(404, "There is nothing at this address.");
  }
}

function shown(stored: { id: string; view: Fields } | null): PageView | null {
  return stored === null ? null : asPageView(stored);
}

function asOf(url: URL): string {
  const user = url.searchParams.get("as");
  if (user === null) throw new HttpError(400, "Say as whom: ?as=U…");
  return user;
}

/** Somebody else's direct message is shown to nobody. */
function channelOf(url: URL, { channels }: Acting["workspace"]): string {
  const channel = channels.find(url.searchParams.get("channel") ?? "");
  if (channel === null || !channels.membersOf(channel).includes(asOf(url))) {
    throw new HttpError(404, "There is no such channel for this person.");
  }
  return channel.id;
}

async function act({ request, response }: HttpExchange, name: string, context: PageContext): Promise<void> {
  requireSameOriginJson(request);
  const body = parseJsonObject(await readBody(request, LIMIT_BYTES));
  if (name === "clock") {
    const { status, answer } = await moveClock(body, {
      clock: context.acting.workspace.clock,
      advance: context.advance,
    });
    return replyJson(response, status, answer);
  }
  const run = Object.hasOwn(acts, name) ? acts[name] : undefined;
  if (run === undefined) throw new HttpError(404, "There is nothing at this address.");
  rememberActing(body, context.acting.workspace);
  replyJson(response, 200, await run(body, context.acting));
}

/** A page that opens anew starts as whoever acted last. */
function rememberActing(body: Fields, { settings, people }: Acting["workspace"]): void {
  const { as } = body;
  if (typeof as !== "string" || people.find(as) === null || settings.get(actingSetting) === as) return;
  settings.set(actingSetting, as);
}

function read<T>(schema: z.ZodType<T>, body: Fields): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new HttpError(400, z.prettifyError(parsed.error));
}
