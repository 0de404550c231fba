/** What an answer may be made of. Instants in milliseconds, dates ISO. What isn't here can't be said: no mail address, no text of a ticket. */
import type { Customer } from "../flow/customer.ts";
import type { ExecutionStatus, Outcome, WaitingFor } from "../flow/record.ts";

/** All that may be said, to this asker, at this time. */
export interface ConversationFacts {
  now: number;
  timezone: string;
  today: string;
  /** Whom the question is about; several: it names none of them alone. */
  customers: CustomerFacts[];
  /** By the question; false: by its thread. */
  isNamed: boolean;
  /** The question's word that was taken for a customer's name, where it is none exactly. */
  takenFor: string | null;
  /** Names near to a word of the question that names nobody. */
  similar: string[];
  flows: FlowFact[];
  /** By date, all within that span. */
  due: DueFact[];
  dueSpan: { from: string; to: string };
  /** Of the newest assessments, the greatest risk first. */
  atRisk: AtRiskFact[];
  /** For the asker's own decision, those that expire first on top; of very many the first ones. */
  waiting: WaitingFact[];
  waitingTotal: number;
}

type Shown = "id" | "name" | "segment" | "region" | "arr" | "currency" | "seats" | "status";
type Dates = "renewal_date" | "notice_date" | "auto_renew" | "term_months" | "contract_start";

export interface CustomerFacts extends Pick<Customer, Shown | Dates | "account_manager_name"> {
  /** The asker's, as account manager or customer-success manager. */
  isMine: boolean;
  /** As of now; null: it can't be told. */
  risk: RiskFact | null;
  /** Open ones first, newest first. */
  executions: ExecutionFact[];
  /** There are older ones. */
  isCut: boolean;
}

/** By code, from the CRM as it is now. */
export interface RiskFact {
  risk_score: number;
  risk_level: string;
  threshold: number;
  confidence: string;
  /** `date`: of the newest evidence. */
  reasons: { text: string; points: number; date: string | null }[];
  missing: string[];
  what_would_help: { text: string; risk_score: number }[];
}

export interface ExecutionFact {
  execution_id: string;
  flow_id: string;
  status: ExecutionStatus;
  outcome: Outcome | null;
  started_at: number;
  ended_at: number | null;
  started_by: string;
  risk_score: number | null;
  waiting_for: Pick<WaitingFor, "kind" | "people" | "until">[];
  /** In the order of time: decisions, what was sent, how it ended. */
  happened: { at: number; text: string }[];
}

export interface FlowFact {
  flow_id: string;
  /** It can be started for a customer without any other word. */
  needsOnlyCustomer: boolean;
}

export interface DueFact extends Pick<Customer, "arr" | "currency"> {
  kind: "renewal" | "notice";
  date: string;
  customer_id: string;
  customer_name: string;
  isMine: boolean;
}

export interface AtRiskFact {
  customer_id: string;
  customer_name: string;
  risk_score: number;
  execution_id: string;
  at: number;
  isMine: boolean;
}

export interface WaitingFact {
  execution_id: string;
  flow_id: string;
  customer_name: string | null;
  since: number;
  until: number | null;
}
