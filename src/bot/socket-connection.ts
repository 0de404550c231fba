/**
 * Socket Mode that stays connected.
 *
 * Job: open the connection, and open it again whenever it is lost, until it is stopped. Non-job: what comes over it.
 *
 * - C1. The first connection fails loudly; a later one is tried for ever, at most half a minute apart.
 * - C2. The library's own reconnection is off: it waits five seconds after each of Slack's planned refreshes, and a refused
 *   attempt ends in an unhandled rejection, which would end the process.
 */
import { loggable } from "./loggable.ts";
import type { BotLogger } from "./services.ts";

/** What is used of the library's `SocketModeClient`. */
export interface SocketClient {
  start(): Promise<unknown>;
  disconnect(): Promise<void>;
  on(event: "disconnected", listener: () => void): unknown;
}

/** Real time: Slack's side doesn't follow a moved clock. Resolves early when the signal says so. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

const firstPauseMs = 250;
const longestPauseMs = 30_000;
const longestGoodbyeMs = 1_000;

export class SocketConnection {
  readonly #client: SocketClient;
  readonly #logger: BotLogger;
  readonly #pause: Pause;
  readonly #stopped = new AbortController();
  #isConnecting = false;
  #isOpen = false;

  constructor(parameters: { client: SocketClient; logger: BotLogger; pause: Pause }) {
    this.#client = parameters.client;
    this.#logger = parameters.logger;
    this.#pause = parameters.pause;
    this.#client.on("disconnected", () => {
      this.#isOpen = false;
      void this.#reconnect();
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async start(): Promise<void> {
    await this.#connecting(async () => {
      await this.#client.start();
      this.#isOpen = true;
    });
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#isOpen = false;
    const isOver = new AbortController();
    // A far side that never says goodbye is not waited for.
    await Promise.race([this.#client.disconnect(), this.#pause(longestGoodbyeMs, isOver.signal)]);
    isOver.abort();
  }

  async #reconnect(): Promise<void> {
    if (this.#isConnecting || this.#stopped.signal.aborted) return;
    await this.#connecting(async () => {
      for (let attempt = 0; !this.#stopped.signal.aborted; attempt++) {
        if (await this.#attempt()) return;
        await this.#pause(Math.min(firstPauseMs * 2 ** attempt, longestPauseMs), this.#stopped.signal);
      }
    });
  }

  async #attempt(): Promise<boolean> {
    try {
      await this.#client.start();
      // A stop may have come between the request for an address and the socket that it opened.
      if (this.#stopped.signal.aborted) {
        await this.#client.disconnect();
        return true;
      }
      this.#isOpen = true;
      this.#logger.info({}, "connected to Slack again");
      return true;
    } catch (error) {
      this.#logger.warn(loggable(error), "the connection to Slack can't be opened, trying again");
      return false;
    }
  }

  async #connecting(work: () => Promise<void>): Promise<void> {
    this.#isConnecting = true;
    try {
      await work();
    } finally {
      this.#isConnecting = false;
    }
  }
}
