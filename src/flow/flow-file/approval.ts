/** What an approval step says about who decides and how (A1, A2). */
import { z } from "zod";
import { checkTemplate } from "../expression.ts";
import { DecisionWord } from "../flow.ts";
import type { ApprovalStep } from "../flow.ts";
import { nearest } from "../nearest.ts";
import { didYouMean } from "./problem.ts";
import type { Fields, Reader } from "./reader.ts";
import type { SourceNode } from "./source.ts";

const maxQuorum = 20;
const prefixes = ["role", "group", "user"];
const address = z.email();

type Approval = Pick<ApprovalStep, "approvers" | "quorum" | "reason_required" | "requester_may_decide" | "on_timeout">;

interface Asked {
  fields: Fields;
  hasTimeout: boolean;
  reader: Reader;
}

export function readApproval({ fields, hasTimeout, reader }: Asked): Approval | null {
  const approvers = readApprovers(fields, reader);
  const quorum = fields.get("quorum");
  const reasons = fields.get("reason_required");
  const mayDecide = fields.get("requester_may_decide");
  const approval = {
    quorum: quorum === null ? 1 : reader.wholeNumber(quorum, { what: "quorum", min: 1, max: maxQuorum }),
    reason_required: reasons === null ? [] : readReasons(reasons, reader),
    requester_may_decide: mayDecide === null ? false : reader.flag(mayDecide, "requester_may_decide") === true,
    on_timeout: readOnTimeout({ fields, hasTimeout, reader }),
  };
  const quorumRead = approval.quorum;
  return quorumRead === null || approvers.length === 0 ? null : { ...approval, approvers, quorum: quorumRead };
}

function readApprovers(fields: Fields, reader: Reader): string[] {
  const node = fields.get("approvers");
  if (node === null) {
    reader.report.error(fields.at, "an approval needs approvers, such as [role:revops_lead]");
    return [];
  }
  const items = reader.list(node);
  if (items.length === 0) reader.report.error(node.at, "approvers names nobody");
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

function readOnTimeout({ fields, hasTimeout, reader }: Asked): "expire" | "approve" {
  const entry = fields.entry("on_timeout");
  if (entry === null) return "expire";
  if (!hasTimeout && fields.entry("timeout") === null) {
    reader.report.error(entry.keyAt, "on_timeout needs a timeout, such as P3D");
  }
  const choice = { what: "on_timeout", words: ["expire", "approve"] as const, later: ["escalate"] };
  return reader.oneOf(entry.value, choice) ?? "expire";
}
