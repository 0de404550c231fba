/** One execution as everything else sees it, and how far its branches have come. */
import type { Json } from "../../../src/flow/json.ts";
import { Cancellation } from "./cancellation.ts";
import type { Frame } from "./frame.ts";
import type { History, Thread } from "./history.ts";
import type { Resolved } from "./machines.ts";

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

export interface Execution {
  arn: string;
  name: string;
  of: Resolved;
  input: Json;
  status: ExecutionStatus;
  startedAt: number;
  stoppedAt: number | null;
  output: Json | undefined;
  error: string | undefined;
  cause: string | undefined;
  history: History;
  thread: Thread;
  /** The top of its branches; kept after a failure, for the redrive. */
  root: Frame;
  cancellation: Cancellation;
  /** Why it is being stopped from outside, if it is. */
  stop: { status: "TIMED_OUT" | "ABORTED"; error: string | undefined; cause: string | undefined } | null;
  redriveCount: number;
  redrivenAt: number | null;
  /** With which it has been redriven, the newest last. */
  redriveTokens: { token: string; at: number }[];
  /** Bytes of all variables that are alive. */
  variableBytes: number;
  /** Of a Distributed Map's child. */
  mapRunArn: string | null;
  /** Resolves at each end; after a redrive it is another. Never rejects. */
  ended: Promise<void>;
}
