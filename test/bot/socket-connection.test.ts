/** Staying connected, on a clock that only the test moves. */
import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { SocketConnection } from "../../src/bot/socket-connection.ts";
import { recordingLogger, type LogLine } from "./bot-harness.ts";

class FakeSocket extends EventEmitter {
  starts = 0;
  disconnects = 0;
  /** The next starts that fail. */
  failures = 0;
  neverCloses = false;

  async start(): Promise<void> {
    this.starts += 1;
    if (this.failures === 0) return;
    this.failures -= 1;
    this.emit("disconnected");
    throw new Error("refused");
  }
  async disconnect(): Promise<void> {
    this.disconnects += 1;
    if (this.neverCloses) await new Promise(() => {});
    this.emit("disconnected");
  }
}

function connection() {
  const socket = new FakeSocket();
  const logs: LogLine[] = [];
  const pauses: number[] = [];
  const pause = async (ms: number) => void pauses.push(ms);
  const made = new SocketConnection({ client: socket, logger: recordingLogger(logs), pause });
  return { socket, logs, pauses, connection: made };
}

/** Lets everything that is ready run; nothing here waits for time. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test("the first connection fails loudly and isn't tried again behind the caller's back", async () => {
  const { socket, connection: made } = connection();
  socket.failures = 1;
  await expect(made.start()).rejects.toThrow("refused");
  await settled();
  expect(socket.starts).toBe(1);
});

test("Slack's planned refresh is answered at once", async () => {
  const { socket, pauses, connection: made } = connection();
  await made.start();
  socket.emit("disconnected");
  await settled();
  expect(socket.starts).toBe(2);
  expect(pauses).toEqual([]);
});

test("a long outage is tried ever more slowly, at most half a minute apart, and never ends in an unhandled rejection", async () => {
  const { socket, pauses, logs, connection: made } = connection();
  await made.start();
  socket.failures = 10;
  socket.emit("disconnected");
  await settled();
  expect(socket.starts).toBe(12);
  expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  expect(logs.filter(({ level }) => level === "warn")).toHaveLength(10);
});

test("a connection lost while one is being opened makes no second one", async () => {
  const { socket, connection: made } = connection();
  await made.start();
  socket.emit("disconnected");
  socket.emit("disconnected");
  await settled();
  expect(socket.starts).toBe(2);
});

test("after a stop nothing is opened again", async () => {
  const { socket, connection: made } = connection();
  await made.start();
  await made.stop();
  socket.emit("disconnected");
  await settled();
  expect(socket.starts).toBe(1);
});

test("a far side that never says goodbye doesn't hold the stop", async () => {
  const { socket, pauses, connection: made } = connection();
  await made.start();
  socket.neverCloses = true;
  await made.stop();
  expect(pauses).toEqual([1000]);
});

test("a stop between the request for an address and its socket closes that socket", async () => {
  const { socket, connection: made } = connection();
  await made.start();
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  socket.start = () => held;
  socket.emit("disconnected");
  await made.stop();
  const before = socket.disconnects;
  release();
  await settled();
  expect(socket.disconnects).toBe(before + 1);
});
