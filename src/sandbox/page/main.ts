/** Starts the page: the one place that knows timers, storage and the address. */
import { createApp, currentPlace } from "./app.ts";
import { follow } from "./feed.ts";
import { h } from "./h.ts";
import { createMemory } from "./memory.ts";
import { server } from "./server.ts";
import type { PageState } from "../page-api.ts";
import type { Visit } from "./visit.ts";
import { newWorkspace } from "./workspace.ts";

const FRAME_MS = 16;
const CLOCK_MS = 1_000;
const RETRY_MS = 500;

async function start(): Promise<void> {
  const root = document.querySelector("#app");
  if (root === null) return;
  const memory = createMemory(sessionStorage, localStorage);
  const state = await firstState(root);
  const visit: Visit = {
    workspace: newWorkspace(state),
    memory,
    acting: actingUser(state, memory.acting()),
    place: currentPlace(),
    opened: { key: "", readTs: null },
    connected: true,
    menuOpen: false,
    clockReadAt: performance.now(),
    elapsed: () => performance.now(),
    realNow: () => Date.now(),
  };
  const app = createApp({ root, visit, soon: (action) => later(action, FRAME_MS), later });
  app.draw();
  setInterval(app.draw, CLOCK_MS);
  follow({ ...app, later });
}

function later(action: () => void, ms: number): void {
  setTimeout(action, ms);
}

/** `?as=` (an id or a mail address) beats what this tab remembers, which beats the server's default. */
function actingUser(state: PageState, remembered: string | null): string {
  const asked = new URLSearchParams(location.search).get("as");
  const people = state.users.filter((user) => !user.isBot);
  const wanted = [asked, remembered].map((name) => people.find(({ id, email }) => id === name || email === name));
  return wanted.find((user) => user !== undefined)?.id ?? state.defaultUser;
}

async function firstState(root: Element): Promise<PageState> {
  for (;;) {
    try {
      return await server.state(null);
    } catch {
      root.replaceChildren(
        h("p", { class: "starting", role: "status" }, "The sandbox does not answer yet. Trying again…"),
      );
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

void start();
