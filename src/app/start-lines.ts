/** What the terminal is told at start: what is wrong in flow files and in customers' rows, each at its place. */
import { join } from "node:path";
import type { CsvSource } from "../agents/crm/csv/csv-source.ts";
import type { FlowDefinition } from "../flow/flow.ts";
import type { Problem } from "../flow/flow-file.ts";
import { nearest } from "../flow/nearest.ts";

/** A column that is wrong throughout would fill the terminal. */
const rowsNamed = 20;

/** With the sandbox: nothing leaves the machine, unless the environment says so. */
export function leavingLines(settings: {
  smtp: object | null;
  calendar: object | null;
  agents: { kind: "local" | "bedrock" };
}): string[] {
  const { smtp, calendar, agents } = settings;
  return [
    ...(smtp === null ? [] : ["SMTP_URL is set: mails leave the sandbox through that server"]),
    ...(calendar === null ? [] : ["GOOGLE_CALENDAR_ID is set: events leave the sandbox for that calendar"]),
    ...(agents.kind === "local"
      ? []
      : ["REVOPS_AGENTS=bedrock: what is known of a customer leaves the sandbox for AWS"]),
  ];
}

export function flowLines(problems: readonly Problem[]): string[] {
  return problems.map(({ file, line, column, severity, message }) => {
    const word = severity === "warning" ? "warning: " : "";
    return `${file}:${line}:${column}: ${word}${message}`;
  });
}

interface KnownFlow {
  definition: FlowDefinition;
  file: string | null;
}

/** What shows only once flows and `revops.yml` are seen together. */
export function setUpLines(parameters: {
  flows: readonly KnownFlow[];
  folders: readonly string[];
  roles: Readonly<Record<string, readonly string[]>>;
}): string[] {
  const { flows, folders, roles } = parameters;
  if (flows.length === 0) return [`there is no flow in ${folders.join(", ")} that can be used; see REVOPS_FLOWS`];
  return flows.flatMap((flow) => roleLines(flow, roles));
}

/** Without its role an approval fails when it is asked, in days or months. */
function roleLines({ definition, file }: KnownFlow, roles: Readonly<Record<string, readonly string[]>>): string[] {
  const asked = definition.steps.flatMap((step) =>
    step.kind === "approval"
      ? [...step.approvers, ...(step.escalate?.to ?? [])].map((reference) => ({ step: step.id, reference }))
      : [],
  );
  const missing = asked.flatMap(({ step, reference }) => {
    const role = /^role:\s*(\S+)$/.exec(reference)?.[1];
    return role === undefined || Object.hasOwn(roles, role) ? [] : [{ step, role }];
  });
  const lines = missing.map(({ step, role }) => {
    const near = nearest(role, Object.keys(roles));
    const way = near === null ? "Name its people under roles." : `Did you mean role:${near}?`;
    return `${file ?? definition.flow_id}: ${step} asks role:${role}, and revops.yml has no such role. ${way}`;
  });
  return [...new Set(lines)];
}

/** The rest of the rows is used; how many are, and how many aren't, is said file by file. */
export function customerLines(parameters: { folder: string; source: Pick<CsvSource, "problems" | "files"> }): string[] {
  const { folder, source } = parameters;
  const lines = source.problems
    .slice(0, rowsNamed)
    .map(({ file, line, column, message }) => `${join(folder, file)}:${line}:${column}: ${message}`);
  const more = source.problems.length - lines.length;
  const counts = source.files
    .filter(({ leftOut }) => leftOut > 0)
    .map(({ file, used, leftOut }) => `${join(folder, file)}: ${rows(used)} used, ${leftOut} left out`);
  const isEmpty = source.files.some(({ file, used }) => file === "customers.csv" && used === 0);
  return [
    ...lines,
    ...(more > 0 ? [`and ${more} more problems in ${folder}`] : []),
    ...counts,
    ...(isEmpty ? [`there is no customer in ${folder} that can be used`] : []),
  ];
}

function rows(count: number): string {
  return `${count} ${count === 1 ? "row" : "rows"}`;
}
