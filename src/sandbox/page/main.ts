/** Starts the page: the one place that knows timers, storage and the address. */
import { createApp, currentPlace, type App } from "./app.ts";
import { follow } from "./feed.ts";
import { h } from "./h.ts";
import { createMemory } from "./memory.ts";
import { server } from "./server.ts";
import type { PageChange, PageState } from "../page-api.ts";
import type { Visit } from "./visit.ts";
import { newWorkspace } from "./workspace.ts";

const FRAME_MS = 16;
const CLOCK_MS = 1_000;

/** The feed is opened first: nothing that happens after the state was asked for can be missed, so it is asked once. */
function start(): void {
  const root = document.querySelector("#app");
  if (root === null) return;
  const early: PageChange[] = [];
  let app: App | null = null;
  follow({
    load: async () => {
      if (app !== null) return app.load();
      app = begin(root, await server.state(null));
      for (const change of early) app.apply(change);
      await app.loadRest();
    },
    apply: (change) => {
      if (app === null) early.push(change);
      else app.apply(change);
    },
    setConnected: (connected) => {
      if (app !== null) app.setConnected(connected);
      else if (!connected) root.replaceChildren(waiting());
    },
    later,
  });
}

function begin(root: Element, state: PageState): App {
  const memory = createMemory(sessionStorage, localStorage);
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
  return app;
}

function waiting(): HTMLElement {
  return h("p", { class: "starting", role: "status" }, "The sandbox does not answer yet. Trying again…");
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

start();
