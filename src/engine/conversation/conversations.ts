/** Questions in words: facts that this person may see, and whoever phrases what they come to. Nothing is started and nothing recorded. */
import type { AnswerPart, Answerer, Question } from "../../agents/answerer.ts";
import { FailureError } from "../../flow/failure.ts";
import type { Usage } from "../../flow/usage.ts";
import type { RunningContext } from "../context.ts";
import { RequestError, type Asked, type Asking } from "../engine.ts";
import type { Lookups } from "../lookups.ts";
import { gatherFacts } from "./gather-facts.ts";

export class Conversations {
  readonly #context: RunningContext;
  readonly #lookups: Lookups;

  constructor(context: RunningContext, lookups: Lookups) {
    this.#context = context;
    this.#lookups = lookups;
  }

  async ask({ question, person, from, session, thread, signal }: Asking): Promise<Asked> {
    const { conversation } = this.#context;
    if (conversation === undefined) throw new RequestError("This process answers no questions.");
    const ofThread = async () => {
      const found = await thread();
      if (found === null || "customerId" in found) return found?.customerId ?? null;
      return this.#customerOf(found.executionId);
    };
    const facts = await gatherFacts(this.#context, this.#lookups, { question, person, ofThread, signal });
    const { user_id, name } = person;
    const asked = { text: question, asker: { user_id, name }, facts, from, session, signal };
    const [first, ...others] = facts.customers;
    const customerId = others.length === 0 ? (first?.id ?? null) : null;
    return { customerId, parts: this.#told(conversation.answerer, asked) };
  }

  async #customerOf(executionId: string): Promise<string | null> {
    const header = await this.#context.store.getHeader({ executionId });
    return header?.customer_id ?? null;
  }

  /** Within the agent's limits. What a model took belongs to no attempt, so the log has it. */
  async *#told(answerer: Answerer, question: Question): AsyncGenerator<AnswerPart> {
    const end = await this.#turn(answerer);
    try {
      for await (const part of answerer.answer(question)) {
        if (part.kind === "usage") this.#note(part.usage);
        else yield part;
      }
    } catch (error) {
      if (error instanceof FailureError && error.usage !== null) this.#note(error.usage);
      throw error;
    } finally {
      end();
    }
  }

  #note(usage: Usage): void {
    this.#context.logger.info({ usage }, "a question took a model");
  }

  /** Resolves when it is its turn, with what ends it. */
  async #turn({ agent }: Answerer): Promise<() => void> {
    if (agent === null) return () => {};
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const turn = this.#context.agentLimits.run(agent, () => {
      begun.resolve();
      return ended.promise;
    });
    await Promise.race([begun.promise, turn]);
    return () => ended.resolve();
  }
}
