/** What a wait step says of how long: a duration from when it is reached, or an instant. */
import type { WaitStep } from "../flow.ts";
import { readInstant } from "./instant.ts";
import type { Fields, Reader } from "./reader.ts";

export function readWait(fields: Fields, reader: Reader): Pick<WaitStep, "duration_ms" | "until"> | null {
  const duration = fields.entry("duration");
  const until = fields.entry("until");
  if (duration !== null && until !== null) {
    reader.report.error(until.keyAt, "a wait has either duration or until; leave one of them out");
  }
  if (duration === null && until === null) {
    reader.report.error(fields.at, 'a wait needs a duration, such as P3D, or until, such as "${input.kickoff_at}"');
    return null;
  }
  return {
    duration_ms: duration === null ? null : reader.duration(duration.value, "duration"),
    until: until === null ? null : readInstant({ node: until.value, what: "until", reader }),
  };
}
