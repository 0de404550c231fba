/** `/metrics` on loopback: what a monitor reads, whatever a flow is called, and what it gets while the app starts. */
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { listen } from "../../src/app/http-server.ts";
import { metricsRoutes } from "../../src/app/metrics-route.ts";
import { prometheusText } from "../../src/app/prometheus.ts";
import type { FlowGauges } from "../../src/engine/metrics-gauges.ts";

const renewal: FlowGauges = {
  flow_id: "renewal",
  executions: { running: 3, succeeded: 12, failed: 1, timed_out: 0, aborted: 0 },
  approvals_waiting: 2,
  oldest_approval_ms: 90_500,
  doubts: 1,
  queued: 0,
  longest_overdue_ms: 1_500,
};

async function serve(app: Parameters<typeof metricsRoutes>[0]): Promise<string> {
  const routes = metricsRoutes(app);
  const server = await listen({ host: "127.0.0.1", port: 0, routes, logger: pino({ level: "silent" }) });
  onTestFinished(() => server.close());
  return `${server.url}/metrics`;
}

test("a monitor reads how things stand", async () => {
  const url = await serve(() => ({ gauges: async () => [renewal] }));
  const response = await fetch(url);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(await response.text()).toBe(`# HELP revops_executions Executions in the store.
# TYPE revops_executions gauge
revops_executions{flow_id="renewal",status="running"} 3
revops_executions{flow_id="renewal",status="succeeded"} 12
revops_executions{flow_id="renewal",status="failed"} 1
revops_executions{flow_id="renewal",status="timed_out"} 0
revops_executions{flow_id="renewal",status="aborted"} 0
# HELP revops_approvals_waiting Approvals that nobody has decided yet.
# TYPE revops_approvals_waiting gauge
revops_approvals_waiting{flow_id="renewal"} 2
# HELP revops_oldest_approval_age_seconds Since the oldest waiting approval was asked; 0 where none waits.
# TYPE revops_oldest_approval_age_seconds gauge
revops_oldest_approval_age_seconds{flow_id="renewal"} 90.5
# HELP revops_doubts_open Steps with something sent of which nobody knows whether it arrived.
# TYPE revops_doubts_open gauge
revops_doubts_open{flow_id="renewal"} 1
# HELP revops_executions_queued Executions that wait for their turn.
# TYPE revops_executions_queued gauge
revops_executions_queued{flow_id="renewal"} 0
# HELP revops_longest_overdue_seconds Since something was due that has no result yet; 0 where nothing is.
# TYPE revops_longest_overdue_seconds gauge
revops_longest_overdue_seconds{flow_id="renewal"} 1.5
`);
});

test("a name made to break out of its label stays in it", () => {
  const text = prometheusText([{ ...renewal, flow_id: 'a"} 1\nrevops_doubts_open{flow_id="b\\' }]);
  const lines = text.split("\n").filter((line) => line.startsWith("revops_doubts_open"));
  expect(lines).toEqual(['revops_doubts_open{flow_id="a\\"} 1\\nrevops_doubts_open{flow_id=\\"b\\\\"} 1']);
});

test("while the app starts nothing is known; nobody may post; a store that can't be read is a 500", async () => {
  const starting = await serve(() => null);
  expect((await fetch(starting)).status).toBe(503);
  expect((await fetch(starting, { method: "POST" })).status).toBe(405);
  const broken = await serve(() => ({ gauges: () => Promise.reject(new Error("locked")) }));
  expect((await fetch(broken)).status).toBe(500);
});
