/** Starts by hand and by programs: one execution, or a batch over the trigger's filter. */
import { derivedId, newId } from "../flow/execution-id.ts";
import { isAboutCustomer } from "../flow/flow.ts";
import type { Batch } from "../flow/record.ts";
import type { Batches } from "./batches.ts";
import type { RunningContext } from "./context.ts";
import { RequestError, type Engine, type StartAnswer } from "./engine.ts";
import { checkInput } from "./input.ts";
import { knownFlow } from "./known-flow.ts";
import { Limiter } from "../flow/limiter.ts";
import { startExecution, type Started } from "./starts.ts";

/** Ids of start keys share one time prefix, so they need more than chance. */
const keyDigits = 20;

/** A program may ask for thousands in one turn: so many share a commit, the rest costs no more than its request. */
const startsAtOnce = 128;

export class ManualStarts {
  readonly #context: RunningContext;
  readonly #batches: Batches;
  readonly #turns = new Limiter(startsAtOnce);
  readonly #drive: (started: Extract<Started, { kind: "started" }>) => Promise<void>;

  constructor(
    context: RunningContext,
    parts: { batches: Batches; drive: (started: Extract<Started, { kind: "started" }>) => Promise<void> },
  ) {
    this.#context = context;
    this.#batches = parts.batches;
    this.#drive = parts.drive;
  }

  async start({ flowId, input, person, startKey }: Parameters<Engine["start"]>[0]): Promise<StartAnswer> {
    const definition = knownFlow(this.#context, flowId);
    const now = this.#context.clock.now();
    const executionId =
      startKey === undefined
        ? newId({ now, randomness: this.#context.randomness })
        : derivedId({ at: 0, parts: ["start", flowId, startKey], digits: keyDigits });
    const startedBy = { type: "manual" as const, person };
    const request = { definition, executionId, startedBy, batchId: null, input, customer: null };
    const started = await this.#turns.run(() => startExecution(this.#context, request));
    switch (started.kind) {
      case "already_running":
        return started;
      case "exists":
        return { kind: "started", executionId: started.executionId, customer: started.customer };
      case "started":
        await this.#drive(started);
        return { kind: "started", executionId, customer: started.state.customer };
      default:
        return started satisfies never;
    }
  }

  async startBatch({ flowId, person, channel, requestId }: Parameters<Engine["startBatch"]>[0]): Promise<Batch> {
    const definition = knownFlow(this.#context, flowId);
    if (!isAboutCustomer(definition))
      throw new RequestError(`${flowId} is not about customers; start it without a batch.`);
    checkInput({ definition, input: { customer_id: "any" } });
    const now = this.#context.clock.now();
    const batchId = derivedId({ at: now, parts: ["batch", requestId] });
    const startedBy = { type: "manual" as const, person };
    const batch = await this.#batches.create({ definition, startedBy, batchId, channel, filterAt: now });
    if (batch === null) throw new RequestError("This has been started already.");
    return batch;
  }
}
