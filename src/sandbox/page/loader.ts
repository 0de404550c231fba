/**
 * Fetches what the page shows.
 *
 * 1. Changes that arrive while a question is under way are applied at once and again behind its answer, so an older
 *    snapshot never covers a newer change (applying a change twice does no harm).
 * 2. An answer for somebody who no longer acts is dropped.
 */
import type { PageChange } from "../page-api.ts";
import { server } from "./server.ts";
import { channelHere, type Visit } from "./visit.ts";
import { replaceEntries } from "./traffic-log.ts";
import { applyChange, channelsOf, directMessagesOf, replaceMessages, replaceState } from "./workspace.ts";

export interface Loader {
  apply: (change: PageChange) => void;
  /** Everything anew, after a reconnection. */
  loadAll: () => Promise<void>;
  /** Everything but the state. */
  loadRest: () => Promise<void>;
  /** What only the acting person sees. */
  loadPersonal: () => Promise<void>;
  loadView: () => Promise<void>;
  /** What was before the page listened: asked for when it is first looked at. */
  loadTraffic: () => Promise<void>;
  /** Tells the bot that the person looks at its Home, and shows what it published until it publishes anew. */
  openHome: () => Promise<void>;
}

export function createLoader(visit: Visit, draw: () => void): Loader {
  const { workspace } = visit;
  const meanwhile: PageChange[] = [];
  let underWay = 0;

  const take = (change: PageChange): void => {
    applyChange(workspace, change);
    if (change.type === "clock") visit.clockReadAt = visit.elapsed();
  };
  /** Asks, lets `keep` store the answer, then puts the newer changes on top. */
  const load = async <T>(question: Promise<T>, keep: (answer: T) => void): Promise<void> => {
    underWay += 1;
    try {
      keep(await question);
      for (const change of meanwhile) take(change);
    } finally {
      underWay -= 1;
      if (underWay === 0) meanwhile.length = 0;
    }
    draw();
  };
  const loadMessages = (channel: string): Promise<void> => {
    const as = visit.acting;
    return load(server.messages(channel, as), (messages) => {
      if (as === visit.acting) replaceMessages(workspace, channel, messages);
    });
  };
  const loadView = (): Promise<void> => {
    const as = visit.acting;
    return load(server.view(as), (view) => workspace.views.set(as, view));
  };
  const loadTraffic = (): Promise<void> =>
    load(server.traffic(), (entries) => replaceEntries(workspace.traffic, entries));
  const loadHome = (): Promise<void> => {
    const as = visit.acting;
    return load(server.home(as), (view) => workspace.homes.set(as, view));
  };
  const loadPersonal = async (): Promise<void> => {
    const here = channelHere(visit)?.id ?? null;
    if (here !== null) await loadMessages(here);
    const others = [...channelsOf(workspace), ...directMessagesOf(workspace, visit.acting)].filter(
      ({ id }) => id !== here,
    );
    await Promise.all([loadView(), ...others.map(({ id }) => loadMessages(id))]);
  };
  const loadRest = async (): Promise<void> => {
    await Promise.all([
      loadPersonal(),
      load(server.mails(), (mails) => Object.assign(workspace, { mails })),
      load(server.calendar(), (events) => Object.assign(workspace, { events })),
      workspace.traffic.loaded ? loadTraffic() : null,
      workspace.homes.has(visit.acting) ? loadHome() : null,
    ]);
  };

  return {
    apply: (change) => {
      take(change);
      if (underWay > 0) meanwhile.push(change);
    },
    loadRest,
    loadPersonal,
    loadView,
    loadTraffic,
    openHome: async () => {
      const opened = server.openHome(visit.acting);
      await Promise.all([opened, loadHome()]);
    },
    loadAll: async () => {
      await load(server.state(visit.acting), (state) => {
        replaceState(workspace, state);
        visit.clockReadAt = visit.elapsed();
        if (!workspace.users.has(visit.acting)) visit.acting = state.defaultUser;
      });
      await loadRest();
    },
  };
}
