/**
 * What an engine works with, from the settings: agents, customers, notifiers, people. The same for a process that drives and for a
 * function that makes one attempt; the flows are each one's own.
 */
import type { Logger } from "pino";
import type { Agents } from "../agents/agent.ts";
import type { CustomerSource } from "../agents/crm/customer-source.ts";
import { assessedNow } from "../agents/local/conversation/current-risk.ts";
import type { CrmWriting } from "../agents/local/execution/update-crm.ts";
import { createLocalAgents } from "../agents/local/local-agents.ts";
import type { SlackAccess } from "../bot/receiver.ts";
import { CaseRecords } from "../engine/case-records.ts";
import type { EngineContext } from "../engine/context.ts";
import type { Engine } from "../engine/engine.ts";
import { knownZone } from "../engine/known-zone.ts";
import type { Clock, Randomness } from "../flow/clock.ts";
import { createCrmNotifier, type CrmNotifierOptions } from "../notify/crm/crm-notifier.ts";
import type { StateStore } from "../state/state-store.ts";
import type { AgentSettings } from "./agent-settings.ts";
import { agentsOf } from "./agents.ts";
import { systemRealTime } from "./app-clock.ts";
import type { Configuration } from "./configuration.ts";
import { contactRules } from "./contact-rules.ts";
import { deliveryNotifiers, type Delivery } from "./delivery.ts";
import { openModels } from "./model-folder.ts";
import { slackParts, type PacedSlackParts } from "./slack-parts.ts";
import { digestsOf, standingOf } from "./standing.ts";
import { openTemplates } from "./template-folder.ts";

export interface EngineOptions extends Delivery {
  slack: SlackAccess;
  source: CustomerSource;
  writer: CrmNotifierOptions["writer"];
  writing: CrmWriting;
  agents: AgentSettings;
  configuration: Configuration;
  timezone: string;
  clock: Clock;
  randomness: Randomness;
  logger: Logger;
}

export interface EngineParts {
  slack: PacedSlackParts;
  /** Of the product; beside them there may be a team's own. */
  agents: Agents;
  context: Omit<EngineContext, "flows" | "agents">;
}

/** `engine`: once there is one; what stands in digests is asked of it. */
export async function openEngineParts(
  options: EngineOptions,
  { store, engine }: { store: StateStore; engine: () => Engine | null },
): Promise<EngineParts> {
  const { clock, logger, configuration, timezone, randomness } = options;
  const { channels, variables } = configuration;
  const slack = slackParts({ slack: options.slack, roles: configuration.roles, clock, logger });
  const { notifier, presenter, people } = slack;
  const templates = await openTemplates();
  const contacts = contactRules(configuration);
  const { agents: local, customers } = createLocalAgents({
    source: options.source,
    templates,
    cases: new CaseRecords(store),
    digests: digestsOf(configuration, { timezone, standing: standingOf({ engine, people: () => people }) }),
    preferred: configuration.people.preferences,
    directMessages: contacts.directMessages,
    mails: options.smtp !== null,
    workingTime: contacts.workingTime,
    zoneOf: (email) => knownZone(people, email),
    writing: options.writing,
    models: await openModels(),
  });
  const { agents, conversation } = agentsOf(options.agents, { local, randomness });
  const context = {
    store,
    conversation,
    assessNow: assessedNow(local),
    customers,
    notifiers: [
      notifier,
      ...deliveryNotifiers({ ...options, slack: notifier, contacts }),
      createCrmNotifier({ writer: options.writer, writable: options.writing.writable }),
    ],
    presenter,
    people,
    channels,
    variables,
    timezone,
    clock,
    randomness,
    realTime: systemRealTime,
    limits: configuration.limits,
    prices: configuration.prices,
    contacts,
    retention: configuration.retention,
    logger,
  };
  return { slack, agents, context };
}
