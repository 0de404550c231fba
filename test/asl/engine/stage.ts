/** One engine of the two, with the same words: what is asserted over both must not tell which one it is. */
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { expect } from "vitest";
import type { Engine } from "../../../src/engine/engine.ts";
import type { ExecutionHeader } from "../../../src/flow/record.ts";
import { startHarness, type Harness, type HarnessOptions } from "../../engine/harness.ts";
import { dana, lead } from "../../engine/world.ts";
import { machineArn } from "../../stepfunctions/interpreter/machines.ts";
import { startFollowed, type Followed } from "./world.ts";

export const engines = ["embedded", "stepfunctions"] as const;
export type EngineKind = (typeof engines)[number];

/** A step that isn't tried again. */
export const once = {
  max_attempts: 1,
  interval_ms: 1_000,
  backoff_rate: 2,
  max_interval_ms: 60_000,
  jitter: "full",
  on: null,
} as const;

type Answer = Parameters<Engine["decide"]>[0];

export interface Stage {
  harness: Harness;
  engine: Engine;
  /** Null: the embedded engine. */
  followed: Followed | null;
  /** By a person; the execution's id. */
  start: (more?: { flowId?: string; startKey?: string; input?: Record<string, string> }) => Promise<string>;
  /** Looked at again and again, as the app does every two seconds. */
  until: (is: () => Promise<boolean> | boolean) => Promise<void>;
  /** Asserted as soon as it holds. */
  untilEqual: (read: () => Promise<unknown>, expected: unknown) => Promise<void>;
  /** The first schedule of `renewal`, at nine: by the engine, or by EventBridge. */
  fire: () => Promise<void>;
  /** So much later, with all that falls due on the way. */
  later: (ms: number) => Promise<void>;
  header: (executionId: string) => Promise<ExecutionHeader>;
  ends: (executionId: string, status: ExecutionHeader["status"], outcome?: ExecutionHeader["outcome"]) => Promise<void>;
  decide: (
    executionId: string,
    more?: Partial<Pick<Answer, "person" | "decision" | "version" | "stepId">>,
  ) => Promise<unknown>;
  close: () => Promise<void>;
}

export async function openStage(kind: EngineKind, options: HarnessOptions & { deploys?: boolean }): Promise<Stage> {
  const followed = kind === "stepfunctions" ? await startFollowed(options) : null;
  const harness = followed?.harness ?? (await startHarness(options));
  const { engine, clock } = harness;
  const look = async () => {
    await engine.tick();
    await engine.idle();
  };
  const header = async (executionId: string) => (await engine.report({ executionId })).header;
  const untilEqual: Stage["untilEqual"] = async (read, expected) => {
    const found = async () => {
      await look();
      return read();
    };
    await expect.poll(found, { timeout: 20_000, interval: 20 }).toEqual(expected);
  };
  return {
    harness,
    engine,
    followed,
    start: async ({ flowId = "renewal", input = {}, ...more } = {}) => {
      const asked = { flowId, input: { customer_id: "acme", ...input }, person: lead, ...more };
      return (await engine.start(asked)).executionId;
    },
    until: (is) => untilEqual(async () => is(), true),
    untilEqual,
    fire: async () => {
      const nine = Date.parse("2026-11-23T09:00:00Z");
      await harness.moveTo(nine);
      const input = JSON.stringify({ trigger: 0, scheduled_at: new Date(nine).toISOString() });
      const stateMachineArn = machineArn("revops-renewal_batch");
      await followed?.client.send(new StartExecutionCommand({ stateMachineArn, input }));
    },
    later: async (ms) => {
      await look();
      await harness.moveTo(clock.now() + ms);
    },
    header,
    ends: async (executionId, status, outcome) => {
      await untilEqual(async () => (await header(executionId)).status, status);
      if (outcome !== undefined) expect((await header(executionId)).outcome).toBe(outcome);
    },
    decide: (executionId, more = {}) =>
      engine.decide({
        executionId,
        stepId: "approve",
        version: 1,
        person: dana,
        decision: "approve",
        reason: "r",
        ...more,
      }),
    close: async () => {
      await (followed === null ? engine.stop({ graceMs: 0 }) : followed.close());
    },
  };
}
