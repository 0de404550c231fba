/** A flow that asks when a case changes: assess, track, approve, and what stands behind it. */
import type { FlowDefinition, Step } from "../../src/flow/flow.ts";
import { agentStep, approvalStep, flow } from "./flows.ts";

type ApprovalRules = NonNullable<Parameters<typeof approvalStep>[1]>;

export function caseFlow(parameters: {
  /** The field of the assessment that holds it. */
  score: string;
  approval: Omit<ApprovalRules, "after" | "when">;
  behind?: Step[];
}): FlowDefinition {
  const { score, approval, behind = [] } = parameters;
  return flow(
    [
      agentStep("assess", "assess"),
      agentStep("track", "track_case", {
        after: ["assess"],
        parameters: { reason: "renewal_risk", score: `\${assess.${score}}` },
      }),
      approvalStep("approve", { after: ["track"], when: "${track.alert}", ...approval }),
      ...behind,
    ],
    { triggers: [] },
  );
}
