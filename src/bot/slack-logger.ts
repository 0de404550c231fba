/**
 * Bolt's log lines in the app's log. Bolt's own debug lines hold whole payloads, tokens and socket addresses with tickets:
 * they are dropped here, whatever the app's level (T3).
 */
import { LogLevel, type Logger } from "@slack/web-api";
import { loggable } from "./loggable.ts";
import type { BotLogger } from "./services.ts";

export function slackLogger(logger: BotLogger): Logger {
  return {
    debug: () => {},
    info: (...parts: unknown[]) => logger.info(fields(parts), text(parts)),
    warn: (...parts: unknown[]) => logger.warn(fields(parts), text(parts)),
    error: (...parts: unknown[]) => logger.error(fields(parts), text(parts)),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}

function fields(parts: unknown[]): object {
  const error = parts.find((part) => part instanceof Error);
  return { from: "slack", ...(error === undefined ? {} : loggable(error)) };
}

function text(parts: unknown[]): string {
  const words = parts.filter((part) => typeof part === "string");
  return words.length === 0 ? "Slack's library reports" : words.join(" ");
}
