/** A crowd: fifty people and a hundred customers of theirs, and the files from which the real app knows them. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { addDays, localDate } from "../../src/flow/zone.ts";
import { userIdOf, type Sandbox, type SandboxUser } from "../../src/sandbox/sandbox.ts";
import { signingSecret } from "../sandbox/sandbox-harness.ts";

export type Way = "socket" | "http";

/** Starts everything, so decides nothing; a lead all the same. */
export const requester = person("lead@example.com", "Robin Requester", "RevOps lead");
/** Account managers of five customers each. */
export const owners = people(20, "owner", "Account manager");
export const leads = people(10, "lead", "RevOps lead");
export const outsiders = people(19, "outsider", "Finance");
export const everybody = [requester, ...owners, ...leads, ...outsiders];

export const customerNames = Array.from({ length: 100 }, (_, index) => `Crowd ${String(index).padStart(3, "0")}`);
export const ownerOf = (index: number): SandboxUser => at(owners, index);

/** Where the cards of each stand, and how many must approve; ten channels, as each takes a message a second. */
export const flows = Array.from("abcdefghij", (letter, index) => ({
  flowId: `crowd_${letter}`,
  channel: `crowd-${letter}`,
  quorum: 1 + (index % 2),
}));
export const flowOf = (index: number): (typeof flows)[number] => at(flows, index);

/** Of a list that begins again at its end. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length];
  if (found === undefined) throw new Error("the list is empty");
  return found;
}

export const idOf = ({ email }: SandboxUser): string => userIdOf(email);

/** Writes all files into `folder`; gives what the app is told by its environment. */
export async function crowdEnvironment(parameters: {
  folder: string;
  sandbox: Sandbox;
  way: Way;
}): Promise<Record<string, string>> {
  const { folder, way } = parameters;
  const { settings } = parameters.sandbox;
  const file = (name: string) => join(folder, name);
  await mkdir(file("customers"), { recursive: true });
  await mkdir(file("flows"), { recursive: true });
  await writeFile(file("customers/customers.csv"), customersCsv());
  await writeFile(file("customers/usage.csv"), usageCsv());
  for (const flow of flows) await writeFile(file(`flows/${flow.flowId}.yml`), flowFile(flow));
  await writeFile(file("revops.yml"), configuration());
  await writeFile(file("google.json"), JSON.stringify(settings.googleCredentials));
  return {
    SLACK_BOT_TOKEN: settings.slackBotToken,
    SLACK_API_URL: settings.slackApiUrl,
    ...(way === "socket" ? { SLACK_APP_TOKEN: settings.slackAppToken } : { SLACK_SIGNING_SECRET: signingSecret }),
    HOST: "127.0.0.1",
    SMTP_URL: settings.smtpUrl,
    MAIL_FROM: "revops@example.com",
    GOOGLE_APPLICATION_CREDENTIALS: file("google.json"),
    GOOGLE_CALENDAR_ID: settings.googleCalendarId,
    GOOGLE_API_URL: settings.googleApiUrl,
    REVOPS_CRM: `csv:${file("customers")}`,
    REVOPS_FLOWS: file("flows"),
    REVOPS_CONFIG: file("revops.yml"),
    REVOPS_LOG_LEVEL: "warn",
  };
}

function person(email: string, name: string, title: string): SandboxUser {
  return { email, name, title, timezone: "UTC" };
}

function people(count: number, word: string, title: string): SandboxUser[] {
  const numbers = Array.from({ length: count }, (_, index) => String(index + 1).padStart(2, "0"));
  return numbers.map((number) => person(`${word}-${number}@example.com`, `${title} ${number}`, title));
}

const today = localDate({ at: Date.now(), timezone: "UTC" });

/** Each of them at risk: the champion has left, few of the seats are used, and fewer than before. */
function customersCsv(): string {
  const header =
    "id,name,segment,region,timezone,account_manager_email,account_manager_name,csm_email,arr,currency,contract_start," +
    "renewal_date,notice_date,auto_renew,term_months,seats,status,created_at,nps,champion_status";
  const renewal = addDays({ date: today, days: 20 });
  const start = addDays({ date: today, days: -345 });
  const rows = customerNames.map((name, index) => {
    const owner = ownerOf(index);
    const who = `${idOfCustomer(index)},${name},${flowOf(index).flowId},EMEA,UTC,${owner.email},${owner.name},`;
    return `${who},84000,USD,${start},${renewal},,false,12,120,active,${start},-60,left`;
  });
  return `${[header, ...rows].join("\n")}\n`;
}

function usageCsv(): string {
  const months = [1, 2, 3, 4, 5].map((back) => ({ month: monthBefore(back), users: 8 + back * 10 }));
  const rows = customerNames.flatMap((_, index) =>
    months.map(({ month, users }) => `${idOfCustomer(index)},${month},${users},100`),
  );
  return `${["customer_id,month,active_users,events", ...rows].join("\n")}\n`;
}

function idOfCustomer(index: number): string {
  return `cust-${index}`;
}

function monthBefore(count: number): string {
  const [year = 0, month = 1] = today.split("-").map(Number);
  const months = year * 12 + month - 1 - count;
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, "0")}`;
}

/** The standard flow with another filter and quorum; its schedule is months away. */
function flowFile({ flowId, quorum }: (typeof flows)[number]): string {
  const month = ((Number(today.slice(5, 7)) + 5) % 12) + 1;
  return `flow_id: ${flowId}
version: "1.0"
description: A card for each customer of the crowd
trigger: { type: schedule, schedule: "cron(0 9 1 ${month} ? *)", filter: ["customer.segment = '${flowId}'"] }
steps:
  - id: retrieve_customer_data
    agent: data_agent
    action: retrieve_customer_data
    parameters: { include_fields: [contract_details, usage_metrics, nps] }
  - id: assess_renewal_risk
    agent: decision_agent
    action: assess_renewal_risk
    depends_on: [retrieve_customer_data]
    parameters: { model: renewal_risk_v2, threshold: 0.7 }
  - id: generate_recommendations
    agent: decision_agent
    action: generate_renewal_recommendations
    depends_on: [assess_renewal_risk]
    parameters: { strategy: value_based }
  - id: approve_recommendations
    type: approval
    depends_on: [generate_recommendations]
    when: "\${assess_renewal_risk.over_threshold}"
    approvers: ["\${customer.account_manager_email}", role:revops_lead]
    quorum: ${quorum}
    reason_required: [reject]
    timeout: P3D
  - id: send_notifications
    agent: execution_agent
    action: send_notifications
    depends_on: [approve_recommendations]
    parameters: { template: renewal_recommendations, recipients: ["\${customer.account_manager_email}"] }
  - id: schedule_followup
    agent: execution_agent
    action: create_calendar_event
    depends_on: [send_notifications]
    parameters:
      title: Renewal Discussion - \${customer.name}
      attendees: ["\${customer.account_manager_email}"]
      duration_minutes: 30
      description: Discuss renewal recommendations for \${customer.name}
`;
}

function configuration(): string {
  const channels = flows.map(({ flowId, channel }) => `${flowId}: "#${channel}"`).join(", ");
  const deciding = [requester, ...leads].map(({ email }) => email).join(", ");
  return `variables: { admin_email: ${requester.email} }
roles: { revops_lead: [${deciding}], operator: [${requester.email}] }
channels: { default: "#revops", alerts: "#renewals", flows: { ${channels} } }
`;
}
