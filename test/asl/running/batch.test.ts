/** Does a firing reach every customer once, whatever happens to some of them? */
import { expect, it } from "vitest";
import { placeholders } from "../../../src/asl/protocol.ts";
import type { Json } from "../../../src/flow/json.ts";
import { agentStep, flow } from "../../engine/flows.ts";
import { EventQueue } from "../../stepfunctions/interpreter/event-queue.ts";
import type { Execution } from "../../stepfunctions/interpreter/execution.ts";
import { StateFailure } from "../../stepfunctions/interpreter/failure.ts";
import { createInterpreter, drive } from "../../stepfunctions/interpreter/interpreter.ts";
import { compiled, functions, startAt, type Request } from "./play.ts";

interface Page {
  customers: { customer_id: string; execution_id: string }[];
  after: string | null;
}

const firing = { trigger: 0, scheduled_at: "2026-11-23T09:00:00.000Z" };
const definition = flow([agentStep("look", "retrieve")]);
const customer = (id: string, execution = `execution-${id}`) => ({ customer_id: id, execution_id: execution });

interface Fired {
  batch: Execution;
  /** Of the flow, in the order of their start. */
  executions: Execution[];
  searches: Extract<Request, { kind: "find_customers" }>[];
  tookMs: number;
}

/** `starting` may throw what the service answers to one try of a start. */
async function fire(
  pages: Page[],
  { starting = () => {}, step }: { starting?: (name: string, nth: number) => void; step?: () => Json } = {},
): Promise<Fired> {
  const { machine, batch } = compiled(definition);
  const queue = new EventQueue(startAt);
  const { lambda, requests } = functions((request, { nth }) => {
    if (request.kind === "find_customers") {
      const { customers, after } = pages[nth - 1] ?? { customers: [], after: null };
      return { customers, after };
    }
    return request.kind === "step" ? step?.() : undefined;
  });
  const { machines, executions, flight } = createInterpreter({ clock: queue, lambda });
  const own = machines.create({ name: "renewal", definition: machine, now: startAt });
  machines.refer(placeholders.stateMachine("renewal"), own);
  const whole = machines.create({ name: "renewal_batch", definition: batch, now: startAt });
  const tries = new Map<string, number>();
  const start = executions.start.bind(executions);
  executions.start = (asked) => {
    const nth = (tries.get(asked.name) ?? 0) + 1;
    tries.set(asked.name, nth);
    starting(asked.name, nth);
    return start(asked);
  };
  const fired = start({ machine: whole.arn, name: "firing", input: firing });
  await drive({ queue, flight });
  const started = executions.all().filter(({ of }) => of.stateMachine.arn === own.arn);
  const searches = requests.flatMap((request) => (request.kind === "find_customers" ? [request] : []));
  return { batch: fired, executions: started, searches, tookMs: (fired.stoppedAt ?? Infinity) - startAt };
}

const names = ({ executions }: Fired): string[] => executions.map(({ name }) => name);

it("three pages: each is asked for behind the last, and every customer gets the execution of its name", async () => {
  const fired = await fire([
    { customers: [customer("a"), customer("b")], after: "b" },
    { customers: [customer("c")], after: "d" },
    { customers: [customer("e")], after: null },
  ]);
  expect([fired.batch.status, fired.batch.output]).toEqual(["SUCCEEDED", {}]);
  expect(fired.searches.map(({ after }) => after)).toEqual([null, "b", "d"]);
  expect(fired.searches[2]).toMatchObject(firing);
  expect(fired.executions.map(({ name, input }) => [name, input])).toEqual(
    ["a", "b", "c", "e"].map((id) => [`execution-${id}`, { customer_id: id }]),
  );
});

it.each([[[]], [[{ customers: [], after: "a" }]]])("nobody matches, or nobody of a page: %j", async (pages) => {
  const fired = await fire(pages);
  expect([fired.batch.status, fired.executions]).toEqual(["SUCCEEDED", []]);
});

it("a name that is taken already: by the same firing before, and with another input", async () => {
  const page = { customers: [customer("a", "same"), customer("b", "same"), customer("c")], after: null };
  const fired = await fire([page]);
  expect([fired.batch.status, names(fired)]).toEqual(["SUCCEEDED", ["same", "execution-c"]]);
});

it.each([
  "StepFunctions.ThrottlingException",
  "StepFunctions.ExecutionLimitExceeded",
  "StepFunctions.ExecutionLimitExceededException",
  "StepFunctions.AWSStepFunctionsException",
  "StepFunctions.SdkClientException",
])("%s to a start: it is tried until it is taken", async (error) => {
  const starting = (name: string, nth: number) => {
    if (name === "execution-a" && nth <= 20) throw new StateFailure(error, "Rate exceeded");
  };
  const fired = await fire([{ customers: [customer("a"), customer("b")], after: null }], { starting });
  expect([fired.batch.status, names(fired)]).toEqual(["SUCCEEDED", ["execution-b", "execution-a"]]);
  expect(fired.tookMs).toBeLessThan(20 * 60_000);
});

it("an execution that fails isn't the batch's failure", async () => {
  const fired = await fire([{ customers: [customer("a"), customer("b")], after: null }], {
    step: () => {
      throw new StateFailure("Input.Invalid", "There is no such customer.");
    },
  });
  expect(fired.batch.status).toBe("SUCCEEDED");
  expect(fired.executions.map(({ status }) => status)).toEqual(["FAILED", "FAILED"]);
});

it("a start that can't succeed: all others start, on later pages too, and the batch says how many are missing", async () => {
  const pages = [
    { customers: [customer("a"), customer("b")], after: "b" },
    { customers: [customer("c"), customer("d")], after: null },
  ];
  const fired = await fire(pages, {
    starting: (name) => {
      if (/[bd]$/.test(name)) throw new StateFailure("StepFunctions.InvalidNameException", `Invalid Name: '${name}'`);
    },
  });
  expect(names(fired)).toEqual(["execution-a", "execution-c"]);
  expect([fired.batch.status, fired.batch.error]).toEqual(["FAILED", "Flow.Failed"]);
  expect(fired.batch.cause).toContain("2 customers could not be started");
});
