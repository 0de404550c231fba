/**
 * The answerer port: a question in words, the facts that may be said to whoever asks, an answer as it comes.
 *
 * Job: say what the facts come to. Non-job: it reads nothing, starts nothing and sends nothing; what it suggests is a command
 * that a person may press.
 */
import type { Customer } from "../flow/customer.ts";
import type { Person } from "../flow/person.ts";
import type { AgentName } from "../flow/flow.ts";
import type { Usage } from "../flow/usage.ts";
import type { ConversationFacts, RiskFact } from "./conversation-facts.ts";

export interface Question {
  text: string;
  asker: Pick<Person, "user_id" | "name">;
  facts: ConversationFacts;
  /** Rows of a list that have been shown already. */
  from: number;
  /** The same for all questions of a thread. */
  session: string;
  signal: AbortSignal;
}

export interface Answerer {
  /** Whose limits it keeps; null: it asks nobody outside. */
  readonly agent: AgentName | null;
  /** Throws `FailureError`; what came before it is then half an answer. */
  answer(question: Question): AsyncIterable<AnswerPart>;
}

export type AnswerPart =
  /** Plain text: pieces that join, lines parted by `\n`. Never markup. */
  | { kind: "text"; text: string }
  | { kind: "source"; source: Source }
  | { kind: "suggestion"; suggestion: Suggestion }
  /** Of the model that was asked. */
  | { kind: "usage"; usage: Usage };

/** What an answer rests on. */
export type Source =
  /** `at`: when it was read. */
  { kind: "crm"; at: number } | { kind: "execution"; executionId: string; at: number };

/** Real commands; nothing happens until somebody presses. */
export type Suggestion =
  | { kind: "run"; flowId: string; customerId: string; customerName: string }
  /** Of an execution. */
  | { kind: "status"; executionId: string; about: string }
  /** What is known of a customer. */
  | { kind: "show"; customerId: string; customerName: string }
  | { kind: "approvals" }
  | { kind: "help" }
  /** A question, asked anew: of a longer list, from that row on. */
  | { kind: "ask"; question: string; from: number; label: string };

/** The risk of a customer now, by code alone, whoever phrases; null where it can't be told. */
export type CurrentRisk = (asked: {
  customer: Customer;
  now: number;
  timezone: string;
  signal: AbortSignal;
}) => Promise<RiskFact | null>;
