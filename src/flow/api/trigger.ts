/** What starts a flow, as a program says it. */
import { written } from "./written.ts";

export type Overlap = "skip" | "queue" | "allow";

interface ScheduleArguments {
  /** IANA; left out: the app's own zone. */
  timezone?: string;
  catchUp?: "none" | "latest" | "all";
  overlap?: Overlap;
  /** PostgreSQL predicates over `customer.*`, joined by AND. */
  filter?: string | string[];
  /** ISO 8601: each firing comes this much later at most. */
  jitter?: string;
}

/** `cron`: six fields, with or without `cron(…)` around them; `schedule`: also `rate(…)` and `at(…)`. */
export type ScheduleTriggerArguments = ScheduleArguments & ({ cron: string } | { schedule: string });

export interface EventTriggerArguments {
  event: string;
  overlap?: Overlap;
  filter?: string | string[];
}

export class Trigger {
  /** With the keys of a flow file. */
  readonly document: Record<string, unknown>;

  private constructor(document: Record<string, unknown>) {
    this.document = document;
  }

  static schedule(named: ScheduleTriggerArguments): Trigger {
    const { cron, ...others } = written(named);
    return new Trigger({ type: "schedule", ...(cron === undefined ? {} : { schedule: cron }), ...others });
  }

  static event(named: EventTriggerArguments): Trigger {
    return new Trigger({ type: "event", ...written(named) });
  }

  static manual(named: { overlap?: Overlap } = {}): Trigger {
    return new Trigger({ type: "manual", ...written(named) });
  }
}
