/** The environment of a process that isn't secret, as docs/configuration.md names it. */
import { tableName } from "./names.ts";
import type { Settings } from "./settings.ts";

/** `folder`: where the code and the flows lie there. */
export function plainEnvironment({ settings, folder }: { settings: Settings; folder: string }): Record<string, string> {
  const { bedrock, calendar, mail_from, admin_email } = settings;
  return {
    REVOPS_STATE: `dynamodb:${tableName(settings.name)}`,
    REVOPS_FLOWS: `${folder}/flows`,
    REVOPS_TIMEZONE: settings.timezone,
    ...(settings.crm === "postgres" ? {} : { REVOPS_CRM: settings.crm }),
    ...(admin_email === null ? {} : { REVOPS_ADMIN_EMAIL: admin_email }),
    ...(mail_from === null ? {} : { MAIL_FROM: mail_from }),
    ...(calendar === null ? {} : { GOOGLE_CALENDAR_ID: calendar.id }),
    ...(calendar === null || calendar.impersonate === null ? {} : { GOOGLE_IMPERSONATE: calendar.impersonate }),
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
