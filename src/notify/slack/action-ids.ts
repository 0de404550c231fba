/** What buttons and forms are called, and what a button carries: opaque ids and a version, never amounts (A1). */
import { z } from "zod";

export const actionIds = {
  approve: "approval.approve",
  edit: "approval.edit",
  reject: "approval.reject",
  details: "approval.details",
  snooze: "case.snooze",
  dismiss: "case.dismiss",
  review: "approval.review",
  listOpen: "list.open",
  listPrevious: "list.previous",
  listNext: "list.next",
  listReload: "list.reload",
  reportOpen: "report.open",
  reportPrevious: "report.previous",
  reportNext: "report.next",
  homeRun: "home.run",
  homeSteps: "home.steps",
  homeReload: "home.reload",
  homeResume: "home.resume",
  sendAgain: "doubt.send_again",
  arrived: "doubt.arrived",
  /** The same in a list, which doesn't change by itself as a card does. */
  sendAgainListed: "doubt.list.send_again",
  arrivedListed: "doubt.list.arrived",
  redrive: "failure.redrive",
  abort: "abort.confirm",
  abortAndCompensate: "abort.compensate",
  leaveRunning: "abort.leave",
  timeline: "execution.timeline",
  executionGraph: "execution.graph",
  executionRisk: "execution.risk",
  flowGraph: "flow.graph",
  customerRisk: "customer.risk",
  /** In the form that starts a flow. */
  chooseFlow: "start.flow",
  /** Under an answer; in a block of buttons each has its own. */
  suggestion1: "answer.suggestion_1",
  suggestion2: "answer.suggestion_2",
  suggestion3: "answer.suggestion_3",
  suggestion4: "answer.suggestion_4",
  suggestion5: "answer.suggestion_5",
} as const;
export type ActionId = (typeof actionIds)[keyof typeof actionIds];

/** Of the modals. */
export const callbackIds = {
  rejectReason: "approval.reject_reason",
  edit: "approval.edit",
  snooze: "case.snooze",
  dismiss: "case.dismiss",
  details: "approval.details",
  review: "approval.review",
  list: "list",
  report: "report",
  start: "start",
} as const;

const id = z.string().min(1).max(500);

const ApprovalValue = z.strictObject({ e: id, s: id, v: z.number().int().positive() });
const EffectValue = z.strictObject({ k: id });
const ExecutionValue = z.strictObject({ e: id });
const FlowValue = z.strictObject({ f: id });
const CustomerValue = z.strictObject({ u: id });

const ListPageValue = z.strictObject({ b: id.nullable(), o: z.number().int().nonnegative() });
const ReviewValue = z.strictObject({ ...ApprovalValue.shape, l: ListPageValue.optional() });
/** Long answers: all that happened to an execution, the executions of a flow or of all, what one waits for, figures. */
const ReportWord = z.enum(["history", "recent", "explain", "metrics", "simulation"]);
export type ReportWord = z.infer<typeof ReportWord>;
const ReportValue = z.strictObject({ w: ReportWord, s: id.nullable(), o: z.number().int().nonnegative() });
const CaseValue = z.strictObject({ c: id, v: z.number().int().positive() });
const StartFormValue = z.strictObject({ c: id, f: id.nullable() });
const StartValue = z.strictObject({ f: id, c: id.nullable() });

export interface ApprovalReference {
  executionId: string;
  stepId: string;
  version: number;
}

/** A page of what waits: of one batch, or of all. */
export interface ListPageReference {
  batchId: string | null;
  offset: number;
}

/** A page of a long answer. */
export interface ReportReference {
  word: ReportWord;
  /** An execution or a flow; null: of all flows. */
  subject: string | null;
  offset: number;
}

/** What a modal about an approval carries: also the list below it, which a decision makes shorter. */
export interface ReviewReference {
  approval: ApprovalReference;
  list: ListPageReference | null;
}

export function encodeApproval({ executionId, stepId, version }: ApprovalReference): string {
  return JSON.stringify({ e: executionId, s: stepId, v: version });
}

/** Null: no button of ours, or of a version that this one can't read. */
export function decodeApproval(text: string): ApprovalReference | null {
  const value = parse(ApprovalValue, text);
  return value === null ? null : { executionId: value.e, stepId: value.s, version: value.v };
}

export function encodeReview({ approval, list }: ReviewReference): string {
  const { executionId: e, stepId: s, version: v } = approval;
  return JSON.stringify({ e, s, v, ...(list === null ? {} : { l: { b: list.batchId, o: list.offset } }) });
}

export function decodeReview(text: string): ReviewReference | null {
  const value = parse(ReviewValue, text);
  if (value === null) return null;
  const list = value.l === undefined ? null : { batchId: value.l.b, offset: value.l.o };
  return { approval: { executionId: value.e, stepId: value.s, version: value.v }, list };
}

/** A case as a list showed it: its `version` is what a person has read. */
export interface CaseReference {
  caseId: string;
  version: number;
}

export function encodeCase({ caseId, version }: CaseReference): string {
  return JSON.stringify({ c: caseId, v: version });
}

export function decodeCase(text: string): CaseReference | null {
  const value = parse(CaseValue, text);
  return value === null ? null : { caseId: value.c, version: value.v };
}

export function encodeEffect({ effectKey }: { effectKey: string }): string {
  return JSON.stringify({ k: effectKey });
}

export function decodeEffect(text: string): { effectKey: string } | null {
  const value = parse(EffectValue, text);
  return value === null ? null : { effectKey: value.k };
}

export function encodeExecution({ executionId }: { executionId: string }): string {
  return JSON.stringify({ e: executionId });
}

export function decodeExecution(text: string): { executionId: string } | null {
  const value = parse(ExecutionValue, text);
  return value === null ? null : { executionId: value.e };
}

export function encodeCustomer({ customerId }: { customerId: string }): string {
  return JSON.stringify({ u: customerId });
}

export function decodeCustomer(text: string): { customerId: string } | null {
  const value = parse(CustomerValue, text);
  return value === null ? null : { customerId: value.u };
}

export function encodeFlow({ flowId }: { flowId: string }): string {
  return JSON.stringify({ f: flowId });
}

export function decodeFlow(text: string): { flowId: string } | null {
  const value = parse(FlowValue, text);
  return value === null ? null : { flowId: value.f };
}

export function encodeListPage({ batchId, offset }: ListPageReference): string {
  return JSON.stringify({ b: batchId, o: offset });
}

export function decodeListPage(text: string): ListPageReference | null {
  const value = parse(ListPageValue, text);
  return value === null ? null : { batchId: value.b, offset: value.o };
}

export function encodeReport({ word, subject, offset }: ReportReference): string {
  return JSON.stringify({ w: word, s: subject, o: offset });
}

export function decodeReport(text: string): ReportReference | null {
  const value = parse(ReportValue, text);
  return value === null ? null : { word: value.w, subject: value.s, offset: value.o };
}

/** A flow to start: for one customer, or for all that its filter matches. */
export function encodeStart({ flowId, customerId }: { flowId: string; customerId: string | null }): string {
  return JSON.stringify({ f: flowId, c: customerId });
}

export function decodeStart(text: string): { flowId: string; customerId: string | null } | null {
  const value = parse(StartValue, text);
  return value === null ? null : { flowId: value.f, customerId: value.c };
}

/** The form that starts a flow: the channel that it was opened in, and the flow, once one is chosen. */
export function encodeStartForm({ channel, flowId }: { channel: string; flowId: string | null }): string {
  return JSON.stringify({ c: channel, f: flowId });
}

export function decodeStartForm(text: string): { channel: string; flowId: string | null } | null {
  const value = parse(StartFormValue, text);
  return value === null ? null : { channel: value.c, flowId: value.f };
}

function parse<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
