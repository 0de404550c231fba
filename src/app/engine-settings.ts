/** Who decides what runs next: this process (`embedded`), or Step Functions. */
import { readMachineArns, type MachineArns } from "../asl/engine/machine-arns.ts";
import { nearest } from "../flow/nearest.ts";
import { halfSet, type SettingsReader } from "./environment.ts";

export type EngineSettings = { kind: "embedded" } | { kind: "stepfunctions"; arns: MachineArns };

const kinds = ["embedded", "stepfunctions"] as const;
const machines = "REVOPS_STATE_MACHINES";
const example = "arn:aws:states:eu-west-1:123456789012:stateMachine:revops-FLOW:live";
const endpoint = "AWS_ENDPOINT_URL_SFN";

/** The functions of AWS must see the same state, so that is a table, unless the service is a stand-in on this machine. */
export function readEngineSettings(reader: SettingsReader, state: { kind: string }): EngineSettings {
  const text = reader.text("REVOPS_ENGINE") ?? "embedded";
  const pattern = reader.text(machines);
  const kind = kinds.find((one) => one === text);
  if (kind === undefined) {
    const near = nearest(text, kinds);
    const hint = near === null ? "" : ` Did you mean ${near}?`;
    reader.problems.push(`REVOPS_ENGINE must be embedded or stepfunctions, not ${text}.${hint}`);
    return { kind: "embedded" };
  }
  if (kind === "embedded") {
    if (pattern !== null)
      reader.problems.push(`${machines} would do nothing. Set REVOPS_ENGINE=stepfunctions, or leave it out.`);
    return { kind };
  }
  if (state.kind !== "dynamodb" && !isOnLoopback(reader.text(endpoint)))
    reader.problems.push(
      "REVOPS_ENGINE=stepfunctions needs REVOPS_STATE=dynamodb:TABLE: its functions read and write the same state.",
    );
  if (pattern === null) {
    reader.problems.push(
      `${halfSet({ isSet: ["REVOPS_ENGINE=stepfunctions"], missing: [machines] })} It is the ARN of a flow's state machine, with FLOW in the place of the flow_id, such as ${example}.`,
    );
    return { kind: "embedded" };
  }
  const arns = readMachineArns(pattern);
  if (arns !== null) return { kind, arns };
  reader.problems.push(
    `${machines} must be the ARN of a state machine with FLOW in the place of the flow_id, such as ${example}, not ${pattern}.`,
  );
  return { kind: "embedded" };
}

function isOnLoopback(address: string | null): boolean {
  if (address === null || !URL.canParse(address)) return false;
  return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(address).hostname);
}
