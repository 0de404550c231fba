/** A flow to begin with, and its test: what `new flow` writes. Pure: the same answers give the same files. */
import { stringify } from "yaml";

export const starts = ["schedule", "event", "manual"] as const;

export interface NewFlow {
  flowId: string;
  description: string;
  start: (typeof starts)[number];
  /** Of `event`. */
  event: string;
  /** Whether somebody is asked before anything goes out. */
  approval: boolean;
  /** A channel, with its `#`. */
  channel: string;
  /** `admin_email` is known, so failures are told there. */
  hasAdmin: boolean;
}

/** What stands twice is written twice: flow files have no aliases. */
const plainly = { lineWidth: 0, aliasDuplicateObjects: false };

const schema = "# yaml-language-server: $schema=../../flow.schema.json";

export function flowFile(flow: NewFlow): string {
  const { flowId, description, approval, channel, hasAdmin } = flow;
  const ask = {
    id: "approve",
    type: "approval",
    depends_on: ["facts"],
    approvers: ["${customer.account_manager_email}"],
    timeout: "P3D",
  };
  const document = {
    flow_id: flowId,
    version: "1.0",
    description,
    trigger: trigger(flow),
    steps: [
      { id: "facts", agent: "data_agent", action: "retrieve_customer_data" },
      ...(approval ? [ask] : []),
      {
        id: "tell",
        agent: "execution_agent",
        action: "send_slack_message",
        depends_on: [approval ? "approve" : "facts"],
        parameters: { to: channel, text: `\${customer.name}: ${description.replaceAll("${", "$$${")}` },
      },
    ],
    error_handling: {
      default_strategy: "retry",
      retry_count: 3,
      ...(hasAdmin ? { failure_notification: "${admin_email}" } : {}),
    },
  };
  return `${schema}\n${stringify(document, plainly)}`;
}

function trigger({ start, event }: NewFlow): object {
  switch (start) {
    case "schedule":
      return {
        type: "schedule",
        schedule: "cron(0 9 ? * MON-FRI *)",
        filter: ["customer.renewal_date between current_date and current_date + 60"],
      };
    case "event":
      return { type: "event", event };
    case "manual":
      return { type: "manual" };
    default:
      return start satisfies never;
  }
}

/** Its first test: the way through it, and who says no. */
export function testFile({ flowId, approval, channel }: NewFlow): string {
  const told = { step: "tell", kind: "slack_message", to: channel };
  const customer = { id: "acme", name: "Acme Robotics" };
  const asked = [{ expect: { status: "running", waiting_for: ["approve"], performed: [] } }, { approve: {} }];
  const through = {
    name: approval ? "once it is approved, the channel is told" : "the channel is told",
    customer,
    ...(approval ? { steps: asked } : {}),
    expect: { status: "succeeded", outcome: "completed", completed: ["tell"], performed: [told] },
  };
  const refused = {
    name: "rejected, nothing goes out",
    customer,
    steps: [{ reject: { reason: "Not now." } }],
    expect: { outcome: "rejected", performed: [], skipped: { tell: "upstream" } },
  };
  const document = { now: "2026-11-23T09:00:00Z", tests: approval ? [through, refused] : [through] };
  return `# Run by: npx revops test ${flowId}.test.yml, with the folder before it (docs/testing.md)\n${stringify(document, plainly)}`;
}
