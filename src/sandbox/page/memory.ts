/** What this browser remembers: who acts (per tab), what was read (per person), what was sent, the tour. Losing it breaks nothing. */
import { compareTs } from "./channel-log.ts";

export interface Memory {
  acting: () => string | null;
  actAs: (user: string) => void;
  readTs: (user: string, channel: string) => string | null;
  markRead: (user: string, channel: string, ts: string) => void;
  sentLines: () => string[];
  saveSentLines: (lines: string[]) => void;
  tour: () => { step: number; closed: boolean };
  saveTour: (tour: { step: number; closed: boolean }) => void;
}

const ACTING = "revops-sandbox-acting";
const READ = "revops-sandbox-read";
const TOUR = "revops-sandbox-tour";
const SENT = "revops-sandbox-sent";

export function createMemory(session: Storage, local: Storage): Memory {
  const read = new Map<string, string>(Object.entries(load<Record<string, string>>(local, READ, {})));
  return {
    acting: () => load<string | null>(session, ACTING, null),
    actAs: (user) => save(session, ACTING, user),
    readTs: (user, channel) => read.get(`${user} ${channel}`) ?? null,
    markRead: (user, channel, ts) => {
      const key = `${user} ${channel}`;
      const known = read.get(key);
      if (known !== undefined && compareTs(known, ts) >= 0) return;
      read.set(key, ts);
      save(local, READ, Object.fromEntries(read));
    },
    sentLines: () => load<string[]>(session, SENT, []),
    saveSentLines: (lines) => save(session, SENT, lines),
    tour: () => load(local, TOUR, { step: 0, closed: false }),
    saveTour: (tour) => save(local, TOUR, tour),
  };
}

function load<T>(storage: Storage, key: string, fallback: T): T {
  try {
    const text = storage.getItem(key);
    if (text === null) return fallback;
    const value: T = JSON.parse(text);
    return value;
  } catch {
    return fallback;
  }
}

/** A full or forbidden storage only forgets. */
function save(storage: Storage, key: string, value: unknown): void {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    return;
  }
}
