/** Gauges in the text that Prometheus reads (its exposition format 0.0.4). Pure. */
import type { FlowGauges } from "../engine/metrics-gauges.ts";

export const prometheusType = "text/plain; version=0.0.4; charset=utf-8";

interface Sample {
  labels: Record<string, string>;
  value: number;
}

interface Gauge {
  name: string;
  help: string;
  samples: Sample[];
}

export function prometheusText(flows: readonly FlowGauges[]): string {
  return gaugesOf(flows).flatMap(gaugeLines).join("");
}

function gaugesOf(flows: readonly FlowGauges[]): Gauge[] {
  const each = (value: (flow: FlowGauges) => number): Sample[] =>
    flows.map((flow) => ({ labels: { flow_id: flow.flow_id }, value: value(flow) }));
  const executions = flows.flatMap(({ flow_id, executions: counts }) =>
    Object.entries(counts).map(([status, value]) => ({ labels: { flow_id, status }, value })),
  );
  return [
    { name: "revops_executions", help: "Executions in the store.", samples: executions },
    {
      name: "revops_approvals_waiting",
      help: "Approvals that nobody has decided yet.",
      samples: each((flow) => flow.approvals_waiting),
    },
    {
      name: "revops_oldest_approval_age_seconds",
      help: "Since the oldest waiting approval was asked; 0 where none waits.",
      samples: each((flow) => flow.oldest_approval_ms / 1000),
    },
    {
      name: "revops_doubts_open",
      help: "Steps with something sent of which nobody knows whether it arrived.",
      samples: each((flow) => flow.doubts),
    },
    {
      name: "revops_executions_queued",
      help: "Executions that wait for their turn.",
      samples: each((flow) => flow.queued),
    },
    {
      name: "revops_longest_overdue_seconds",
      help: "Since something was due that has no result yet; 0 where nothing is.",
      samples: each((flow) => flow.longest_overdue_ms / 1000),
    },
  ];
}

function gaugeLines({ name, help, samples }: Gauge): string[] {
  const head = `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n# TYPE ${name} gauge\n`;
  return [head, ...samples.map(({ labels, value }) => `${name}{${labelText(labels)}} ${value}\n`)];
}

function labelText(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}="${escaped(value)}"`)
    .join(",");
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
