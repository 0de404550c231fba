/** What an approval step says about who decides and how (A1, A2). */
import { z } from "zod";
import { checkTemplate } from "../expression.ts";
import { DecisionWord } from "../flow.ts";
import type { ApprovalStep, Escalation } from "../flow.ts";
import { nearest } from "../nearest.ts";
import { didYouMean } from "./problem.ts";
import type { Fields, Reader } from "./reader.ts";
import type { SourceNode } from "./source.ts";

const maxQuorum = 20;
const prefixes = ["role", "group", "user"];
const address = z.email();

type Approval = Omit<ApprovalStep, "kind" | "id" | "depends_on" | "when" | "timeout_ms" | "due" | "late">;

/** `field`, or `step.field` where several steps have it. */
export interface EditableName {
  text: string;
  at: number;
}

interface Asked {
  fields: Fields;
  timeoutMs: number | null;
  reader: Reader;
}

/** `editable` stays empty in the approval: which outputs are meant is known once all steps are. */
export function readApproval(asked: Asked): { approval: Approval | null; editable: EditableName[] } {
  const { fields, reader } = asked;
  const node = fields.get("approvers");
  if (node === null) reader.report.error(fields.at, "an approval needs approvers, such as [role:revops_lead]");
  const approvers = node === null ? [] : readApprovers({ node, what: "approvers", reader });
  const quorum = fields.get("quorum");
  const reasons = fields.get("reason_required");
  const mayDecide = fields.get("requester_may_decide");
  const escalate = readEscalation(asked);
  const approval = {
    quorum: quorum === null ? 1 : reader.wholeNumber(quorum, { what: "quorum", min: 1, max: maxQuorum }),
    reason_required: reasons === null ? [] : readReasons(reasons, reader),
    requester_may_decide: mayDecide === null ? false : reader.flag(mayDecide, "requester_may_decide") === true,
    on_timeout: readOnTimeout({ ...asked, canEscalate: escalate !== null }),
    editable: [],
    remind_after_ms: readTime({ ...asked, key: "remind_after" }),
    escalate,
  };
  const { quorum: needed } = approval;
  const isWhole = needed !== null && approvers.length > 0;
  return { approval: isWhole ? { ...approval, approvers, quorum: needed } : null, editable: readEditable(asked) };
}

function readEditable({ fields, reader }: Asked): EditableName[] {
  const node = fields.get("editable");
  if (node === null) return [];
  return reader.list(node).flatMap((item) => {
    const text = reader.text(item, "an editable field");
    return text === null ? [] : [{ text, at: item.at }];
  });
}

/** What comes at or after the end of the approval never comes. */
function readTime({ fields, timeoutMs, key, reader }: Asked & { key: string }): number | null {
  const entry = fields.entry(key);
  const ms = entry === null ? null : reader.duration(entry.value, key);
  if (entry !== null && ms !== null && timeoutMs !== null && ms >= timeoutMs) {
    reader.report.warning(entry.value.at, `${key} is not before the timeout, so it never comes`);
  }
  return ms;
}

function readEscalation(asked: Asked): Escalation | null {
  const { fields, reader } = asked;
  const node = fields.get("escalate");
  if (node === null) return null;
  const inner = reader.fields(node, { what: "escalate", keys: ["after", "to"] });
  if (inner === null) return null;
  const to = inner.get("to");
  if (to === null) {
    reader.report.error(node.at, "escalate needs to: { after: P1D, to: role:revops_lead }");
    return null;
  }
  const after_ms = readTime({ ...asked, fields: inner, key: "after" });
  const references = readApprovers({ node: to, what: "to", reader });
  return references.length === 0 ? null : { after_ms, to: references };
}

function readApprovers({ node, what, reader }: { node: SourceNode; what: string; reader: Reader }): string[] {
  const items = reader.list(node);
  if (items.length === 0) reader.report.error(node.at, `${what} names nobody`);
  return items.flatMap((item) => {
    const text = reader.text(item, "an approver");
    if (text === null) return [];
    checkApprover({ node: item, text, reader });
    return [text];
  });
}

function checkApprover({ node, text, reader }: { node: SourceNode; text: string; reader: Reader }): void {
  const { evaluated, whole } = checkTemplate(text);
  if (whole) return;
  const forms = "a mail address, role:NAME, group:HANDLE, user:ID or one ${…}";
  if (evaluated) {
    reader.report.error(node.at, `an approver is ${forms}; text around a \${…} makes it none of these`);
    return;
  }
  const [prefix = "", name = ""] = text.split(/:(.*)/s);
  if (text.includes(":") && prefixes.includes(prefix) && name.trim() !== "") return;
  if (address.safeParse(text).success) return;
  const near = text.includes(":") ? nearest(prefix, prefixes) : null;
  reader.report.error(
    node.at,
    `"${text}" is no approver: ${forms}${didYouMean(near === null ? null : `${near}:${name}`)}`,
  );
}

function readReasons(node: SourceNode, reader: Reader): DecisionWord[] {
  const words = DecisionWord.options;
  return reader.list(node).flatMap((item) => reader.oneOf(item, { what: "decision", words }) ?? []);
}

function readOnTimeout(asked: Asked & { canEscalate: boolean }): ApprovalStep["on_timeout"] {
  const { fields, timeoutMs, canEscalate, reader } = asked;
  const entry = fields.entry("on_timeout");
  if (entry === null) return "expire";
  if (timeoutMs === null && fields.entry("timeout") === null) {
    reader.report.error(entry.keyAt, "on_timeout needs a timeout, such as P3D");
  }
  const word = reader.oneOf(entry.value, { what: "on_timeout", words: ["expire", "approve", "escalate"] as const });
  if (word === "escalate" && !canEscalate && fields.entry("escalate") === null) {
    reader.report.error(entry.value.at, "on_timeout: escalate needs escalate: { to: role:revops_lead }");
  }
  return word ?? "expire";
}
