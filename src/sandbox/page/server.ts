/** The page's questions to its server. A refusal is an answer; only a lost connection is an error. */
import type {
  FaultName,
  PageCalendarEvent,
  PageMail,
  PageMessage,
  PageState,
  PageView,
  TrafficEntry,
} from "../page-api.ts";

export type Answer = { ok: true } | { ok: false; error: string; errors: Record<string, string> };

const UNREACHABLE = "The sandbox did not answer. Check that it is running, then try again.";

export const server = {
  state: (as: string | null) => get<PageState>(as === null ? "state" : `state?as=${encodeURIComponent(as)}`),
  messages: async (channel: string, as: string) => {
    const query = new URLSearchParams({ channel, as });
    const found = await getIfThere<{ messages: PageMessage[] }>(`messages?${query.toString()}`);
    return found?.messages ?? [];
  },
  mails: async () => (await get<{ mails: PageMail[] }>("mails")).mails,
  calendar: async () => (await get<{ events: PageCalendarEvent[] }>("calendar")).events,
  view: async (as: string) => (await get<{ view: PageView | null }>(`views?as=${encodeURIComponent(as)}`)).view,
  home: async (as: string) => (await get<{ view: PageView | null }>(`home?as=${encodeURIComponent(as)}`)).view,
  traffic: async () => (await get<{ entries: TrafficEntry[] }>("traffic")).entries,

  sendMessage: (body: { as: string; channel: string; text: string; threadTs?: string }) => post("message", body),
  pressButton: (body: { as: string; channel: string; ts: string; blockId: string; actionId: string; value: unknown }) =>
    post("action", body),
  submitView: (body: { as: string; viewId: string; values: unknown }) => post("view-submit", body),
  pressInView: (body: ViewPress) => post("view-action", body),
  closeView: (body: { as: string; viewId: string }) => post("view-close", body),
  openHome: (as: string) => post("home-open", { as }),
  causeFault: (name: FaultName) => post("fault", { name }),
  clearFault: (name: FaultName) => post("fault-clear", { name }),
  moveClock: (body: { advanceMs: number } | { to: "next" }) => post("clock", body),
};

export interface ViewPress {
  as: string;
  viewId: string;
  blockId: string;
  actionId: string;
  value: unknown;
  /** What stands in the view's inputs, as Slack's `view.state.values`. */
  values: unknown;
}

async function get<T>(path: string): Promise<T> {
  const body = await getIfThere<T>(path);
  if (body === null) throw new Error(`/sandbox/${path} is not there`);
  return body;
}

/** A channel that this person may not see is as good as empty; it must not keep the others from loading. */
async function getIfThere<T>(path: string): Promise<T | null> {
  const response = await fetch(`/sandbox/${path}`, { cache: "no-store" });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`/sandbox/${path} answered ${response.status}`);
  const body: T = JSON.parse(await response.text());
  return body;
}

async function post(path: string, body: unknown): Promise<Answer> {
  try {
    const response = await fetch(`/sandbox/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const reply: Reply = JSON.parse(await response.text());
    return readAnswer(reply, response);
  } catch {
    return { ok: false, error: UNREACHABLE, errors: {} };
  }
}

interface Reply {
  ok?: boolean;
  error?: string;
  errors?: Record<string, string>;
}

function readAnswer(reply: Reply, response: Response): Answer {
  if (reply.ok === true || (reply.ok === undefined && response.ok)) return { ok: true };
  return {
    ok: false,
    error: reply.error ?? (reply.errors ? "" : `answered ${response.status}`),
    errors: reply.errors ?? {},
  };
}
