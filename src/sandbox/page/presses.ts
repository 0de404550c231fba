/** Presses under way and what came of those that failed, by message. No DOM. */
import type { PageMessage } from "../page-api.ts";
import type { Press } from "./block-context.ts";
import type { Answer } from "./server.ts";

export interface Presses {
  press: (message: PageMessage, press: Press) => void;
  isPending: (message: PageMessage, blockId: string, actionId: string) => boolean;
  errorOf: (message: PageMessage) => string | null;
  /** Grows with every change about a message, so that who draws sees it. */
  versionOf: (message: PageMessage) => number;
  /** Another person has other refusals. */
  forget: () => void;
}

export interface PressesWiring {
  send: (message: PageMessage, press: Press) => Promise<Answer>;
  changed: () => void;
}

export function createPresses({ send, changed }: PressesWiring): Presses {
  const pending = new Set<string>();
  const errors = new Map<string, string>();
  const versions = new Map<string, number>();
  const touch = (key: string): void => {
    versions.set(key, (versions.get(key) ?? 0) + 1);
    changed();
  };
  const run = async (message: PageMessage, press: Press): Promise<void> => {
    const key = messageKey(message);
    const control = controlKey(message, press.blockId, press.actionId);
    pending.add(control);
    errors.delete(key);
    touch(key);
    const answer = await send(message, press);
    pending.delete(control);
    if (!answer.ok) errors.set(key, refusalText(answer.error));
    touch(key);
  };
  return {
    press: (message, press) => void run(message, press),
    isPending: (message, blockId, actionId) => pending.has(controlKey(message, blockId, actionId)),
    errorOf: (message) => errors.get(messageKey(message)) ?? null,
    versionOf: (message) => versions.get(messageKey(message)) ?? 0,
    forget: () => {
      for (const key of errors.keys()) versions.set(key, (versions.get(key) ?? 0) + 1);
      errors.clear();
    },
  };
}

const REFUSALS: Record<string, string> = {
  dispatch_failed: "The app is not connected. Try again in a moment. (dispatch_failed)",
  operation_timeout: "The app did not answer within three seconds. Try again. (operation_timeout)",
  message_not_found: "This message is no longer there. (message_not_found)",
};

/** Slack's error names in a sentence; a sentence stays as it is. */
export function refusalText(error: string): string {
  return REFUSALS[error] ?? (error || "The app did not accept this. Try again.");
}

function messageKey(message: PageMessage): string {
  return `${message.channel} ${message.ts}`;
}

function controlKey(message: PageMessage, blockId: string, actionId: string): string {
  return JSON.stringify([message.channel, message.ts, blockId, actionId]);
}
