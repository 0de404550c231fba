/** What happens after a failure: the flow's `error_handling`, and a step's `retry` on top of it. */
import { errorNames, isRetryable } from "../failure.ts";
import type { ErrorName } from "../failure.ts";
import type { RetryPolicy } from "../flow.ts";
import type { Fields, Reader } from "./reader.ts";
import type { SourceNode } from "./source.ts";

const strategies = ["retry", "fail", "continue"] as const;
const maxRetries = 100;
const defaultRetries = 3;

/** Counting the first try. */
const defaultPolicy: RetryPolicy = {
  max_attempts: 1 + defaultRetries,
  interval_ms: 1_000,
  backoff_rate: 2,
  max_interval_ms: 60_000,
  jitter: "full",
  on: null,
};

export interface ErrorHandling {
  retry: RetryPolicy;
  onError: "fail" | "continue";
  failureNotification: SourceNode | null;
}

export function readErrorHandling(node: SourceNode | null, reader: Reader): ErrorHandling {
  const none: ErrorHandling = { retry: defaultPolicy, onError: "fail", failureNotification: null };
  const keys = ["default_strategy", "retry_count", "failure_notification"];
  const fields = node === null ? null : reader.fields(node, { what: "error_handling", keys });
  if (fields === null) return none;
  const strategyNode = fields.get("default_strategy");
  const strategy =
    strategyNode === null ? null : reader.oneOf(strategyNode, { what: "default_strategy", words: strategies });
  return {
    retry: { ...defaultPolicy, max_attempts: 1 + retries({ fields, strategy: strategy ?? "retry", reader }) },
    onError: strategy === "continue" ? "continue" : "fail",
    failureNotification: fields.get("failure_notification"),
  };
}

function retries(asked: { fields: Fields; strategy: (typeof strategies)[number]; reader: Reader }): number {
  const { fields, strategy, reader } = asked;
  const entry = fields.entry("retry_count");
  if (entry === null) return strategy === "retry" ? defaultRetries : 0;
  const count = reader.wholeNumber(entry.value, { what: "retry_count", min: 0, max: maxRetries }) ?? 0;
  if (strategy === "fail" && count > 0) {
    reader.report.error(entry.keyAt, "default_strategy: fail doesn't retry; leave out retry_count, or write retry");
  }
  return count;
}

/** A step's own `retry`: what it leaves out is the flow's. */
export function readRetry({
  node,
  base,
  reader,
}: {
  node: SourceNode | null;
  base: RetryPolicy;
  reader: Reader;
}): RetryPolicy {
  const keys = ["max_attempts", "interval", "backoff_rate", "max_interval", "jitter", "on"];
  const fields = node === null ? null : reader.fields(node, { what: "retry", keys });
  if (fields === null) return base;
  const read = <Value>(key: string, take: (value: SourceNode) => Value | null): Value | null => {
    const value = fields.get(key);
    return value === null ? null : take(value);
  };
  const attempts = { what: "max_attempts", min: 1, max: 1 + maxRetries };
  const policy: RetryPolicy = {
    max_attempts: read("max_attempts", (value) => reader.wholeNumber(value, attempts)) ?? base.max_attempts,
    interval_ms: read("interval", (value) => reader.duration(value, "interval")) ?? base.interval_ms,
    backoff_rate: read("backoff_rate", (value) => readRate(value, reader)) ?? base.backoff_rate,
    max_interval_ms: read("max_interval", (value) => reader.duration(value, "max_interval")) ?? base.max_interval_ms,
    jitter: read("jitter", (value) => reader.oneOf(value, { what: "jitter", words: ["full", "none"] })) ?? base.jitter,
    on: read("on", (value) => readErrors(value, reader)) ?? base.on,
  };
  return widened({ policy, fields, reader });
}

/** An interval longer than the longest one raises that, unless both are written. */
function widened({ policy, fields, reader }: { policy: RetryPolicy; fields: Fields; reader: Reader }): RetryPolicy {
  if (policy.interval_ms <= policy.max_interval_ms) return policy;
  const max = fields.entry("max_interval");
  if (max !== null) reader.report.error(max.keyAt, "max_interval is shorter than interval");
  return { ...policy, max_interval_ms: policy.interval_ms };
}

function readRate(node: SourceNode, reader: Reader): number | null {
  const value = node.kind === "scalar" ? node.value : null;
  if (typeof value === "number" && value >= 1 && value <= 10) return value;
  reader.report.error(node.at, "backoff_rate must be a number from 1 to 10");
  return null;
}

function readErrors(node: SourceNode, reader: Reader): ErrorName[] {
  return reader.list(node).flatMap((item) => {
    const error = reader.oneOf(item, { what: "error", words: errorNames });
    if (error === null) return [];
    if (!isRetryable({ error, cause: "" })) {
      reader.report.warning(item.at, `${error} is never retried: trying again can't help`);
    }
    return [error];
  });
}
