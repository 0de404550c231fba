/** The bot's line about how it does, from a server that answers as the app, late, or not at all. */
import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { prometheusText } from "../../src/app/prometheus.ts";
import { vitalsLine } from "../bot/vitals.ts";
import { vitals } from "../lib/vital-names.ts";

const executions = { running: 1, succeeded: 0, failed: 0, timed_out: 0, aborted: 0 };
const flow = (flow_id: string, oldest_approval_ms: number, longest_overdue_ms: number) => ({
  flow_id,
  executions,
  approvals_waiting: 2,
  oldest_approval_ms,
  doubts: 1,
  queued: 0,
  longest_overdue_ms,
});

async function served(answers: Readonly<Record<string, { status: number; text: string }>>): Promise<string> {
  const server = createServer(({ url = "" }, response) => {
    const { status, text } = answers[url] ?? { status: 404, text: "" };
    response.writeHead(status).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server listens on no port.");
  return String(address.port);
}

test("how things stand, over all flows; exactly what the filters look for", async () => {
  const text = prometheusText([flow('a"} 7', 90_000, 0), flow("b", 3_600_000, 61_000)]);
  const port = await served({ "/readyz": { status: 200, text: "{}" }, "/metrics": { status: 200, text } });
  const line = await vitalsLine({ port, isFull: true });
  expect(line).toEqual({
    vitals: 1,
    ready: 1,
    approvals_waiting: 4,
    oldest_approval_seconds: 3_600,
    doubts_open: 2,
    longest_overdue_seconds: 61,
  });
  expect(Object.keys(line).filter((name) => name !== "vitals")).toEqual([...vitals]);
});

test("a bot that isn't ready, or whose table can't be read, says so and makes nothing up", async () => {
  const notReady = {
    "/readyz": { status: 503, text: "{}" },
    "/metrics": { status: 500, text: "revops_doubts_open{} 9" },
  };
  expect(await vitalsLine({ port: await served(notReady), isFull: true })).toEqual({ vitals: 1, ready: 0 });
  expect(await vitalsLine({ port: "1", isFull: false })).toEqual({ vitals: 1, ready: 0 });
});

test("a bot without any flow has nothing that waits", async () => {
  const port = await served({
    "/readyz": { status: 200, text: "" },
    "/metrics": { status: 200, text: prometheusText([]) },
  });
  expect(await vitalsLine({ port, isFull: true })).toMatchObject({ doubts_open: 0, oldest_approval_seconds: 0 });
});
