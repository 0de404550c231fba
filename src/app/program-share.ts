/**
 * What of a shared store's work a program's engine takes up: what it has started, and what engines of its kind have left.
 * Another process, such as the app with its Slack, holds the rest; a program that has no Slack would fail it.
 */
import type { StateStore } from "../state/state-store.ts";

const prefix = "program-";

/** Its owners are told by their names; of all others it never hears that they are gone. */
export function programShare(store: StateStore): StateStore {
  const own: Pick<StateStore, "openLease" | "isGone"> = {
    openLease: ({ owner }) => store.openLease({ owner: `${prefix}${owner}` }),
    isGone: async ({ owner }) => owner.startsWith(prefix) && store.isGone({ owner }),
  };
  return new Proxy(store, {
    get(target, key): unknown {
      if (key === "openLease" || key === "isGone") return own[key];
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
