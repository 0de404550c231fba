/**
 * A flow as a program puts it together, and `register`, by which the engines of this process know it.
 *
 * Job: take the arguments in camelCase and hold them as a document with a flow file's keys. Non-job: no checks of its own: the
 * reader of flow files reads the document where the actions and variables are known, so that both have the same rules.
 */
import type { InputField } from "../flow.ts";
import type { Json } from "../json.ts";
import type { RegisteredFlow } from "./registered-flows.ts";
import { registeredFlows } from "./registered-flows.ts";
import type { Step } from "./step.ts";
import type { Trigger } from "./trigger.ts";
import { written } from "./written.ts";

export interface InputArguments {
  type?: InputField["type"];
  enum?: string[];
  required?: boolean;
  default?: Json;
  description?: string;
}

export interface FlowArguments {
  flowId: string;
  version: string;
  description?: string;
  input?: Record<string, InputArguments>;
  /** ISO 8601, of the whole execution. */
  timeout?: string;
  concurrency?: { key: string; limit: number };
  /** The flow_id of another flow: this one adds steps to it, and replaces those of the same id. */
  extends?: string;
  /** Ids of steps of the flow that it extends. */
  remove?: string[];
}

export interface ErrorHandlingArguments {
  defaultStrategy?: "retry" | "fail" | "continue";
  retryCount?: number;
  /** A mail address, or one `${…}` that gives one. */
  failureNotification?: string;
}

export class Flow implements RegisteredFlow {
  readonly flowId: string;
  readonly version: string;
  readonly #head: FlowArguments;
  readonly #triggers: Trigger[] = [];
  readonly #steps: Step[] = [];
  #errorHandling: ErrorHandlingArguments | null = null;

  constructor(named: FlowArguments) {
    this.flowId = named.flowId;
    this.version = named.version;
    this.#head = named;
  }

  /** In place of all that there were. */
  setTrigger(trigger: Trigger): this {
    this.#triggers.splice(0);
    return this.addTrigger(trigger);
  }

  /** Beside those that there are. */
  addTrigger(trigger: Trigger): this {
    this.#triggers.push(trigger);
    return this;
  }

  addStep(step: Step): this {
    this.#steps.push(step);
    return this;
  }

  setErrorHandling(named: ErrorHandlingArguments): this {
    this.#errorHandling = named;
    return this;
  }

  /** With the keys of a flow file. */
  document(): Record<string, unknown> {
    const [trigger, ...others] = this.#triggers.map(({ document }) => document);
    return {
      ...written(this.#head),
      ...(others.length > 0 ? { triggers: [trigger, ...others] } : written({ trigger })),
      steps: this.#steps.map(({ document }) => document),
      ...(this.#errorHandling === null ? {} : { error_handling: written(this.#errorHandling) }),
    };
  }

  /**
   * Makes it known to the engines of this process, in place of one of the same id and version. An engine checks it when it is
   * first asked for anything, and tells what is wrong, each with step and key, when this flow is started.
   */
  register(): void {
    registeredFlows.add(this);
  }
}
