/** The flow of five steps on DynamoDB, against the bare write requests on the same server. */
import { figuresOf, startChild } from "../child.ts";
import { stepsPerFlow } from "../flows.ts";
import type { Measure } from "../measure.ts";

const local = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };

/** What D6 allows for each. */
const approvalWrites = 3;
const parkWrites = 1;

export const dynamoDb: Measure = {
  name: "dynamodb",
  about:
    "1,000 executions of five steps at once on a local DynamoDB (dynalite in a process of its own; AWS_ENDPOINT_URL_DYNAMODB names another); the floor is the very same write requests, sent bare to another table there",
  figures: [
    { name: "share_of_bare", unit: "% of the bare writes' flows/s", goal: { atLeast: 80 } },
    { name: "flows_per_second", unit: "flows/s", floor: "bare_flows_per_second" },
    { name: "cpu_per_1000_steps", unit: "CPU s per 1,000 steps", floor: "bare_cpu" },
    { name: "writes", unit: "write requests an execution (D6)", goal: { atMost: stepsPerFlow + 3 } },
    {
      name: "writes_approved",
      unit: "write requests of two steps with an approval between them, the definition apart (D6)",
      goal: { atMost: 2 + 3 + approvalWrites + parkWrites },
    },
    { name: "reads", unit: "read requests an execution" },
  ],
  run: async ({ sizes: { dynamoDb: flows } }) => {
    const { endpoint, stop } = await server();
    try {
      const ours = await figuresOf("dynamodb.ts", { flows }, { AWS_ENDPOINT_URL_DYNAMODB: endpoint, ...credentials() });
      const { flows_per_second = NaN, bare_flows_per_second = NaN } = ours;
      return { ...ours, share_of_bare: (100 * flows_per_second) / bare_flows_per_second };
    } finally {
      await stop();
    }
  },
};

async function server(): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  const named = process.env["AWS_ENDPOINT_URL_DYNAMODB"];
  if (named !== undefined) return { endpoint: named, stop: () => Promise.resolve() };
  const child = startChild("dynamodb-server.ts", {});
  const stop = () => {
    child.kill("SIGTERM");
    return child.ended;
  };
  for await (const endpoint of child.lines) return { endpoint, stop };
  throw new Error("The local DynamoDB did not start.");
}

/** A local server takes any; another one takes one's own. */
function credentials(): Record<string, string> {
  return process.env["AWS_ENDPOINT_URL_DYNAMODB"] === undefined ? local : {};
}
