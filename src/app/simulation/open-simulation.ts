/**
 * A simulation put together from the same settings as the app: its customers as they stand now, its rules, its own local agents.
 *
 * - S1. Nothing of the app is touched: no store is opened, no notifier and no Slack. Agents are the local ones, whatever
 *   REVOPS_AGENTS says, since a model's answers cost and are never the same.
 * - S2. The customers are read once and stay as they are: only the clock moves.
 */
import { snapshotOf } from "../../agents/crm/snapshot.ts";
import { OwnActions } from "../../agents/own/own-actions.ts";
import { createLocalAgents } from "../../agents/local/local-agents.ts";
import type { CustomerSource } from "../../agents/crm/customer-source.ts";
import { RequestError } from "../../engine/engine.ts";
import { nearest } from "../../flow/nearest.ts";
import { CaseRecords } from "../../engine/case-records.ts";
import { knownZone } from "../../engine/known-zone.ts";
import type { FlowDefinition } from "../../flow/flow.ts";
import { peopleWithoutSlack } from "../../notify/slack/without-slack.ts";
import type { AssumedDecision, SimulationReport } from "../../simulation/report.ts";
import type { Period } from "../../simulation/period.ts";
import { simulate, type SimulationRun } from "../../simulation/simulate.ts";
import { noConfiguration, readConfiguration, withAdmin, type Configuration } from "../configuration.ts";
import { contactRules } from "../contact-rules.ts";
import { openCustomerSource } from "../customer-source.ts";
import { crmWriting } from "../crm-writing.ts";
import { openModels } from "../model-folder.ts";
import { sandboxConfiguration } from "../sandbox-configuration.ts";
import { sandboxPeople } from "../sandbox-people.ts";
import type { CommonSettings } from "../settings.ts";
import { openTemplates } from "../template-folder.ts";
import { within } from "../within.ts";

export interface SimulationRequest {
  settings: CommonSettings;
  /** Milliseconds: of the app, whose clock may have been moved. */
  now: number;
  definition: FlowDefinition;
  /** The others that are known. */
  flows: readonly FlowDefinition[];
  period: Period;
  assumed: AssumedDecision;
  /** Name or id: one execution about this customer is started; null: the flow's schedules fire. */
  customer: string | null;
}

/** Throws `RequestError` for a customer that there isn't; and where the settings, the customers or a template can't be read. */
export async function runSimulation(request: SimulationRequest, run: SimulationRun): Promise<SimulationReport> {
  const { settings, now, definition, flows, period, assumed, customer } = request;
  const { crm, dataFolder, timezone, configurationFile } = settings;
  const opened = await openCustomerSource({ crm, dataFolder, timezone, now, configurationFile });
  const { source, customers: customerCount } = await snapshotOf(opened.source);
  const configuration = await configurationFor(settings, () => sandboxPeople({ customers: source, timezone }));
  const contacts = contactRules(configuration);
  const { channels, variables, roles } = configuration;
  const people = peopleWithoutSlack({ roles });
  const [templates, models] = await Promise.all([openTemplates(), openModels()]);
  const { workingTime, directMessages } = contacts;
  // The product's own come first, so no name needs to be refused here.
  const ownActions = new OwnActions({ product: [], within });
  await ownActions.look();
  return simulate(
    {
      definition,
      flows,
      agents: (store) => {
        const local = createLocalAgents({
          source,
          templates,
          models,
          cases: new CaseRecords(store),
          preferred: configuration.people.preferences,
          directMessages,
          mails: settings.hasMails,
          workingTime,
          zoneOf: (email) => knownZone(people, email),
          writing: crmWriting(crm, configuration),
        });
        return ownActions.beside(local.agents);
      },
      customers: source,
      customerCount,
      period,
      assumed,
      workingTime,
      start: customer === null ? null : { customerId: await idOf(source, customer) },
      people,
      channels,
      variables,
      timezone,
      contacts,
    },
    run,
  );
}

async function idOf(source: CustomerSource, text: string): Promise<string> {
  const [found, ...others] = await source.find({ text });
  if (found === undefined) {
    const names: string[] = [];
    for await (const page of source.all()) names.push(...page.map(({ name }) => name));
    throw new RequestError(`There is no customer ${text}.`, nearest(text, names));
  }
  if (others.length === 0) return found.id;
  const ids = [found, ...others].map(({ id }) => id).join(", ");
  throw new RequestError(`Several customers are called ${text}: write one of the ids ${ids}.`);
}

/** Without a `revops.yml` the sandbox's, where there is no Slack. */
async function configurationFor(
  { configurationFile, slack, adminEmail, crm }: CommonSettings,
  people: () => ReturnType<typeof sandboxPeople>,
): Promise<Configuration> {
  const found = await readConfiguration(configurationFile);
  const otherwise = slack.kind === "sandbox" ? sandboxConfiguration(await people(), crm) : noConfiguration;
  return withAdmin(found ?? otherwise, adminEmail);
}
