/** Which secrets there are, and which variable of the environment each of their fields fills (docs/configuration.md). */
import { type Process, sends } from "./environment.ts";
import type { Settings } from "./settings.ts";

export const secretFields = {
  slack: { bot_token: "SLACK_BOT_TOKEN", app_token: "SLACK_APP_TOKEN", signing_secret: "SLACK_SIGNING_SECRET" },
  crm: { address: "REVOPS_CRM" },
  mail: { smtp_url: "SMTP_URL" },
  /** The key file's text; GOOGLE_APPLICATION_CREDENTIALS names a file, which is written at start. */
  google: { key: "GOOGLE_KEY" },
  events: { secret: "REVOPS_EVENTS_SECRET" },
} as const satisfies Record<string, Record<string, string>>;
export type SecretName = keyof typeof secretFields;

export function wantedSecrets({ crm, mail_from, calendar, http }: Settings): SecretName[] {
  return [
    "slack",
    ...(crm === "postgres" ? (["crm"] as const) : []),
    ...(mail_from === null ? [] : (["mail"] as const)),
    ...(calendar === null ? [] : (["google"] as const)),
    // Nobody outside reaches the bot without a load balancer.
    ...(http === null ? [] : (["events"] as const)),
  ];
}

/** Of those, what a process needs: only the bot hears events from outside. */
export function secretsOf(settings: Settings, process: Process): SecretName[] {
  const unneeded: SecretName[] = [
    ...(process === "bot" ? [] : (["events"] as const)),
    ...(sends(process) ? [] : (["mail", "google"] as const)),
  ];
  return wantedSecrets(settings).filter((name) => !unneeded.includes(name));
}

/** By variable, the secret and field that it comes from. Socket Mode and HTTP exclude each other. */
export function variablesFromSecrets(
  settings: Settings,
  process: Process,
): Map<string, { secret: SecretName; field: string }> {
  const unused = settings.slack === "socket" ? "SLACK_SIGNING_SECRET" : "SLACK_APP_TOKEN";
  return new Map(
    secretsOf(settings, process).flatMap((secret) =>
      Object.entries(secretFields[secret]).flatMap(([field, variable]) =>
        variable === unused ? [] : [[variable, { secret, field }] as const],
      ),
    ),
  );
}
