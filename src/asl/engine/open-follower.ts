/** The SDK's client: region, address (AWS_ENDPOINT_URL_SFN) and credentials come from its own environment. */
import { SFNClient } from "@aws-sdk/client-sfn";
import type { Clock, Randomness } from "../../flow/clock.ts";
import type { Follower } from "../../engine/follower.ts";
import type { MachineArns } from "./machine-arns.ts";
import { StepFunctionsFollower } from "./step-functions-follower.ts";

/** With the SDK's backoff; what still fails is told again later, by the follower's. */
const mostAttempts = 4;
const requestTimeoutMs = 10_000;
const connectionTimeoutMs = 3_000;

export function openFollower(parameters: {
  arns: MachineArns;
  clock: Pick<Clock, "now">;
  randomness: Pick<Randomness, "fraction">;
}): { follower: Follower; close: () => void } {
  const requestHandler = { requestTimeout: requestTimeoutMs, connectionTimeout: connectionTimeoutMs };
  const client = new SFNClient({ maxAttempts: mostAttempts, requestHandler });
  return { follower: new StepFunctionsFollower({ client, ...parameters }), close: () => client.destroy() };
}
