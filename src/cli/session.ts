/**
 * The store as a command sees it: the same as the app's, by the same environment, with an engine that asks and records and
 * drives nothing. What it has recorded the running app takes up.
 */
import type { CustomerDirectory } from "../agents/agent.ts";
import type { CustomerSource } from "../agents/crm/customer-source.ts";
import { assessedNow } from "../agents/local/conversation/current-risk.ts";
import { createLocalAgents } from "../agents/local/local-agents.ts";
import { OwnActions } from "../agents/own/own-actions.ts";
import { systemRandomness, systemRealTime } from "../app/app-clock.ts";
import { crmWriting } from "../app/crm-writing.ts";
import { openCustomerSource } from "../app/customer-source.ts";
import { openState } from "../app/state.ts";
import { openModels } from "../app/model-folder.ts";
import { openTemplates } from "../app/template-folder.ts";
import { within } from "../app/within.ts";
import type { Logger } from "../engine/context.ts";
import type { Engine } from "../engine/engine.ts";
import { openEngine } from "../engine/flow-engine.ts";
import { toldByOthers } from "../engine/follower.ts";
import type { Problem } from "../flow/flow-file.ts";
import { FlowRegistry, loadFlowFolders } from "../flow/registry.ts";
import type { Channels, People, Presenter } from "../notify/notifier.ts";
import type { StateStore } from "../state/state-store.ts";
import type { Call } from "./command.ts";
import { terminalConfiguration } from "./known-flows.ts";
import { terminalClock } from "./now.ts";
import { plain } from "./plain.ts";
import { terminalSettings } from "./settings.ts";

export interface Session {
  engine: Engine;
  store: StateStore;
  customers: CustomerDirectory;
  source: CustomerSource;
  channels: Channels;
  /** IANA: of the times that are shown. */
  timezone: string;
  now: number;
  registry: FlowRegistry;
  /** Of flow files: the flows in them aren't known. */
  problems: Problem[];
}

/** Opens it for as long as `work` takes. */
export async function inSession<T>({ terminal }: Call, work: (session: Session) => Promise<T>): Promise<T> {
  const settings = terminalSettings(terminal.environment);
  const { state, dataFolder, crm, timezone, configurationFile } = settings;
  const configuration = await terminalConfiguration(settings);
  const { channels, variables, retention, prices } = configuration;
  const clock = await terminalClock(settings);
  const now = clock.now();
  const { source } = await openCustomerSource({ crm, dataFolder, timezone, now, configurationFile });
  const { agents: product, customers } = createLocalAgents({
    source,
    writing: crmWriting(crm, configuration),
    templates: await openTemplates(),
    models: await openModels(),
  });
  const catalogue = Object.values(product).flatMap((agent) => agent.actions);
  const ownActions = new OwnActions({ product: catalogue, within });
  const agents = ownActions.beside(product);
  const known = { catalogue, ownActions, within, variables };
  const { flows, problems } = await loadFlowFolders({ folders: settings.flowFolders, ...known });
  const registry = new FlowRegistry();
  for (const flow of flows) registry.add(flow);
  const onCorrupt = ({ message }: Error) => terminal.err(`left out: ${plain(message)}\n`);
  const store = await openState(state, { onCorrupt });
  try {
    const engine = openEngine({
      store,
      flows: { all: () => registry.all(), get: ({ flowId }) => registry.get({ flowId })?.definition ?? null },
      agents,
      assessNow: assessedNow(agents),
      customers,
      notifiers: [],
      presenter: noPresenter,
      people: nobody,
      channels,
      variables,
      timezone,
      // It waits for nothing, so it needs no alarms.
      clock: { now: () => clock.now(), at: () => () => {} },
      randomness: systemRandomness,
      realTime: systemRealTime,
      limits: {},
      prices,
      retention,
      // What is started here is the service's, where the app's is.
      ...(settings.engine.kind === "embedded" ? {} : { follower: toldByOthers }),
      logger: loggerTo(terminal),
    });
    return await work({ engine, store, source, customers, channels, timezone, now, registry, problems });
  } finally {
    await store.close();
  }
}

/** It shows no card. */
const noPresenter: Presenter = {
  postCard: () => Promise.reject(new Error("The terminal posts no cards.")),
  updateCard: () => Promise.reject(new Error("The terminal edits no cards.")),
  findCard: () => Promise.resolve(null),
};

/** It asks nobody and decides for nobody. */
const nobody: People = {
  find: () => Promise.resolve(null),
  resolve: () => Promise.resolve([]),
  label: ({ reference }) => Promise.resolve(reference),
};

function loggerTo(terminal: Call["terminal"]): Logger {
  const say = (fields: object, message: string) => {
    const cause = "err" in fields && fields.err instanceof Error ? `: ${fields.err.message}` : "";
    terminal.err(`${message}${cause}\n`);
  };
  return { info: () => {}, warn: say, error: say };
}
