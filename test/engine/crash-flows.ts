/** Flows that are swept by crashes: those of the product's shape, and one that has everything the language has. */
import type { ContactRules } from "../../src/engine/contact-rules.ts";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import { noHolidays } from "../../src/flow/working-time.ts";
import { rules } from "./contact-rules.ts";
import { agentStep, approvalStep, flow, flowStep, renewalFlow, seedFlow, waitStep } from "./flows.ts";

export interface SweptFlow {
  name: string;
  /** The first is started; the others are its sub-flows. */
  flows: FlowDefinition[];
  /** How it ends where nothing dies. */
  status: "succeeded" | "failed";
  outcome: "completed" | null;
  /** Mails that may be under way at the same time: as many doubts may one death leave. */
  doubts: number;
  /** Its whole sweep takes too long for every run of the tests. */
  isLarge: boolean;
  /** With a contact governor. */
  contacts?: ContactRules;
}

/** Until four past eight, when the sweep has begun at eight: what goes out is held, counted, and sent at the next working time. */
const governed = rules({
  workingTime: { quietHours: { from: 18 * 60, to: 8 * 60 + 4 }, holidays: noHolidays },
  keepsQuiet: true,
  perPersonPerWeek: 20,
  perAccountPerWeek: 20,
});

const child = flow(
  [agentStep("look", "noop"), agentStep("tell", "notify", { after: ["look"], parameters: { to: "${input.to}" } })],
  {
    flow_id: "child",
    triggers: [{ type: "manual", overlap: "allow" }],
    input: { to: { type: "string", enum: null, required: true, default: null, description: null } },
  },
);

const everything = flow(
  [
    agentStep("retrieve_data", "retrieve"),
    agentStep("shaky", "shaky", { after: ["retrieve_data"], on_error: "continue" }),
    agentStep("never", "noop", { after: ["retrieve_data"], when: "${retrieve_data.usage > 9}" }),
    waitStep("cool_off", { after: ["shaky"], duration_ms: 90_000 }),
    approvalStep("approve", { after: ["retrieve_data"], remind_after_ms: 30_000 }),
    agentStep("each", "notify", {
      after: ["approve"],
      for_each: '${["x@example.com", "y@example.com", "z@example.com"]}',
      max_concurrency: 2,
      parameters: { to: "${item}" },
    }),
    flowStep("children", "child", {
      after: ["cool_off"],
      for_each: '${["v@example.com", "w@example.com"]}',
      max_concurrency: 1,
      input: { to: "${item}" },
    }),
    agentStep("book", "book", {
      depends_on: [
        { step: "each", optional: false },
        { step: "children", optional: false },
        { step: "never", optional: true },
      ],
    }),
  ],
  { concurrency: { key: "${customer.currency}", limit: 1 }, timeout_ms: 86_400_000 },
);

const takenBack = flow(
  [
    agentStep("tell", "notify", {
      compensate: { agent: "execution_agent", action: "notify", parameters: { to: "sorry@example.com" } },
    }),
    agentStep("book", "book", {
      after: ["tell"],
      compensate: { agent: "data_agent", action: "noop", parameters: { was: "${book.booked}" } },
    }),
    agentStep("broken", "broken", { after: ["book"], on_error: "compensate" }),
  ],
  { failure_notification: "${admin_email}" },
);

export const sweptFlows: SweptFlow[] = [
  {
    name: "with an approval",
    flows: [renewalFlow()],
    status: "succeeded",
    outcome: "completed",
    doubts: 1,
    isLarge: false,
  },
  {
    name: "with an approval and a contact governor",
    flows: [renewalFlow()],
    status: "succeeded",
    outcome: "completed",
    doubts: 1,
    isLarge: true,
    contacts: governed,
  },
  { name: "without one", flows: [seedFlow()], status: "succeeded", outcome: "completed", doubts: 1, isLarge: false },
  {
    name: "with everything",
    flows: [everything, child],
    status: "succeeded",
    outcome: "completed",
    doubts: 2,
    isLarge: true,
  },
  { name: "that is taken back", flows: [takenBack], status: "failed", outcome: null, doubts: 1, isLarge: true },
];
