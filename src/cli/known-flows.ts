/** The flows as the app would load them, without store and customers: what their files say, and what is wrong in them. */
import type { CustomerSource } from "../agents/crm/customer-source.ts";
import type { CrmWriting } from "../agents/local/execution/update-crm.ts";
import { createLocalAgents } from "../agents/local/local-agents.ts";
import { OwnActions } from "../agents/own/own-actions.ts";
import { noConfiguration, readConfiguration, withAdmin, type Configuration } from "../app/configuration.ts";
import { crmWriting } from "../app/crm-writing.ts";
import { sandboxConfiguration } from "../app/sandbox-configuration.ts";
import type { CommonSettings } from "../app/settings.ts";
import { openModels } from "../app/model-folder.ts";
import { openTemplates } from "../app/template-folder.ts";
import { within } from "../app/within.ts";
import type { ActionCatalogue } from "../flow/action.ts";
import { loadFlowFolders, FlowRegistry } from "../flow/registry.ts";
import type { Problem } from "../flow/flow-file.ts";

export interface KnownFlows {
  registry: FlowRegistry;
  problems: Problem[];
  /** The product's and one's own. */
  actions: ActionCatalogue;
}

export async function knownFlows(settings: CommonSettings): Promise<KnownFlows> {
  const configuration = await terminalConfiguration(settings);
  const { variables } = configuration;
  const catalogue = await actionCatalogue(crmWriting(settings.crm, configuration));
  const ownActions = new OwnActions({ product: catalogue, within });
  const known = { catalogue, ownActions, within, variables };
  const { flows, problems } = await loadFlowFolders({ folders: settings.flowFolders, ...known });
  const registry = new FlowRegistry();
  for (const flow of flows) registry.add(flow);
  const own = await ownActions.look();
  return { registry, problems, actions: [...catalogue, ...own.catalogue] };
}

/** Who is in the sandbox's roles doesn't matter here: the terminal decides nothing for anybody. */
export async function terminalConfiguration(settings: CommonSettings): Promise<Configuration> {
  const found = await readConfiguration(settings.configurationFile);
  const otherwise = settings.slack.kind === "sandbox" ? sandboxConfiguration([], settings.crm) : noConfiguration;
  return withAdmin(found ?? otherwise, settings.adminEmail);
}

export async function actionCatalogue(writing: CrmWriting): Promise<ActionCatalogue> {
  const { agents } = createLocalAgents({
    source: nobody,
    writing,
    templates: await openTemplates(),
    models: await openModels(),
  });
  return Object.values(agents).flatMap((agent) => agent.actions);
}

/** No action is called here. */
const nobody: CustomerSource = {
  get: () => Promise.resolve(null),
  find: () => Promise.resolve([]),
  all: () => none(),
  records: () => Promise.resolve({ usage: null, tickets: null, invoices: null, contacts: null }),
};

async function* none(): AsyncGenerator<never> {}
