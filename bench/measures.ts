/** What `npm run bench` measures, in DESIGN §7's order, and what it doesn't. */
import type { Measure } from "./measure.ts";
import { acknowledge } from "./measures/acknowledge.ts";
import { dynamoDb } from "./measures/dynamodb.ts";
import { firing } from "./measures/firing.ts";
import { alone, burst, tenThousand, writeRequests } from "./measures/five-steps.ts";
import { killed } from "./measures/killed.ts";
import { parked } from "./measures/parked.ts";
import { start } from "./measures/start.ts";

export const measures: readonly Measure[] = [
  burst,
  alone,
  killed,
  tenThousand,
  writeRequests,
  parked,
  firing,
  dynamoDb,
  acknowledge,
  start,
];

export const notMeasured: readonly string[] = [
  "the peers, which need servers of their own (bench/peers repeats them)",
  "whether the disk keeps what fsync promises: a virtual disk may answer early, and then all figures are better than they should be",
  "DynamoDB itself: distance, throttling and partitions of its own; a local server is slower than it and never refuses",
  "Slack itself: its distance and its rate limits",
  "several processes on one store at once (`npm run test:long` runs them, without a clock)",
  "agents, mail and calendars that take their time: every step here does nothing",
];
