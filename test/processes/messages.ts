/** What the test asks of a process, and what it hears: one JSON message each way. */
import { z } from "zod";

export const Request = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("start"), flowId: z.string(), customerId: z.string(), startKey: z.string() }),
  z.strictObject({ kind: z.literal("approve"), executionId: z.string(), stepId: z.string() }),
  z.strictObject({ kind: z.literal("resolve"), effectKey: z.string(), answer: z.enum(["send_again", "arrived"]) }),
]);
export type Request = z.infer<typeof Request>;

export const Asked = z.strictObject({ id: z.number(), request: Request });

export const Told = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ready") }),
  z.strictObject({ kind: z.literal("answered"), id: z.number(), value: z.string() }),
  z.strictObject({ kind: z.literal("refused"), id: z.number(), message: z.string() }),
  /** An error of its log. */
  z.strictObject({ kind: z.literal("complained"), message: z.string() }),
]);
export type Told = z.infer<typeof Told>;

/** Another process has taken over what this one drove; it has ended, as the app does. */
export const fencedCode = 3;
