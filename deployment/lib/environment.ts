/** The environment of a process that isn't secret, as docs/configuration.md names it. */
import { tableName } from "./names.ts";
import type { Settings } from "./settings.ts";

export type Process = "bot" | "actions" | "effects";

export function plainEnvironment(settings: Settings, process: Process): Record<string, string> {
  const { bedrock, admin_email } = settings;
  return {
    REVOPS_STATE: `dynamodb:${tableName(settings.name)}`,
    REVOPS_TIMEZONE: settings.timezone,
    ...(settings.crm === "postgres" ? {} : { REVOPS_CRM: settings.crm }),
    ...(admin_email === null ? {} : { REVOPS_ADMIN_EMAIL: admin_email }),
    ...(sends(process) ? deliveryEnvironment(settings) : {}),
    ...(bedrock === null
      ? {}
      : {
          REVOPS_AGENTS: "bedrock",
          BEDROCK_DATA_AGENT: bedrock.data_agent,
          BEDROCK_DECISION_AGENT: bedrock.decision_agent,
          BEDROCK_EXECUTION_AGENT: bedrock.execution_agent,
        }),
  };
}

/** The actions function sends nothing, so it holds no key to a mail server or a calendar. */
export const sends = (process: Process): boolean => process !== "actions";

function deliveryEnvironment({ mail_from, calendar }: Settings): Record<string, string> {
  return {
    ...(mail_from === null ? {} : { MAIL_FROM: mail_from }),
    ...(calendar === null ? {} : { GOOGLE_CALENDAR_ID: calendar.id }),
    ...(calendar === null || calendar.impersonate === null ? {} : { GOOGLE_IMPERSONATE: calendar.impersonate }),
  };
}
