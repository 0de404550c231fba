/** `new flow` asks what is needed, and writes a flow that works, with its test; `new action` writes an action to begin with. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ownActionsFolder } from "../../agents/own/own-actions.ts";
import { AgentName, identifier, reservedIds } from "../../flow/flow.ts";
import type { FlowRegistry } from "../../flow/registry.ts";
import type { Answer, Call, Command } from "../command.ts";
import { actionFile } from "../new-action.ts";
import { CommandError, UsageError } from "../errors.ts";
import { flowFile, starts, testFile, type NewFlow } from "../new-flow.ts";
import { plain } from "../plain.ts";

export const newCommand: Command = {
  word: "new",
  usage: [
    "new flow [FLOW] [--start S] [--event NAME] [--approval A] [--channel C] [--description TEXT] [--folder F]",
    "new action ACTION [--agent A] [--description TEXT] [--folder F]",
  ],
  purpose: "asks, and writes a flow that works, with its test; or an action of your own",
  options: {
    start: { type: "text", value: "S", about: "what starts it: schedule, event or manual (schedule)" },
    event: { type: "text", value: "NAME", about: "of --start event (customer.created)" },
    approval: { type: "text", value: "A", about: "whether the account manager is asked first: yes or no (yes)" },
    channel: { type: "text", value: "C", about: "who is told (#revops)" },
    description: { type: "text", value: "TEXT", about: "what it is for, in a line" },
    folder: {
      type: "text",
      value: "F",
      about: "where it is written (custom, in the first folder of REVOPS_FLOWS; actions)",
    },
    agent: { type: "text", value: "A", about: "whose action it is (decision_agent)" },
  },
  notes: [
    "What isn't given is asked, where somebody can be asked; an empty line takes what stands in brackets. No file is written over.",
    "Without questions: new flow quarter_check_in --start event --event customer.renewed --channel #success.",
  ],
  examples: [
    { line: "new flow quarter_check_in", about: "asks, and writes it into flows/custom" },
    { line: "new action score_health --agent decision_agent", about: "writes actions/score_health.ts" },
  ],
  run: async (call) => {
    const [kind, flowId, ...others] = call.words;
    if (others.length > 0 || (kind !== "flow" && kind !== "action"))
      throw new UsageError("This command makes a flow or an action: new flow [FLOW], new action ACTION.");
    if (kind === "action") return newAction(call, flowId ?? null);
    const [{ terminalSettings }, { knownFlows, terminalConfiguration }] = await Promise.all([
      import("../settings.ts"),
      import("../known-flows.ts"),
    ]);
    const settings = terminalSettings(call.terminal.environment);
    const { registry } = await knownFlows(settings);
    const { variables } = await terminalConfiguration(settings);
    const hasAdmin = typeof variables["admin_email"] === "string";
    const flow = { ...(await answers(call, flowId ?? null, registry)), hasAdmin };
    const folder = call.options.text("folder") ?? join(settings.flowFolders[0] ?? "flows", "custom");
    return write(flow, folder);
  },
};

async function newAction({ options, terminal }: Call, action: string | null): Promise<Answer> {
  if (action === null) throw new UsageError("An action needs a name: new action score_health.");
  const agent = options.text("agent") ?? "decision_agent";
  const owner = AgentName.options.find((one) => one === agent);
  if (owner === undefined) throw new CommandError([oneOf("--agent", AgentName.options)(agent) ?? ""]);
  if (!identifier.test(action))
    throw new CommandError([
      `An action is named in small letters, digits and _, such as score_health, not "${action}".`,
    ]);
  const [{ terminalSettings }, { actionCatalogue, terminalConfiguration }, { crmWriting }] = await Promise.all([
    import("../settings.ts"),
    import("../known-flows.ts"),
    import("../../app/crm-writing.ts"),
  ]);
  const settings = terminalSettings(terminal.environment);
  const catalogue = await actionCatalogue(crmWriting(settings.crm, await terminalConfiguration(settings)));
  const taken = catalogue.find((known) => known.action === action);
  if (taken !== undefined) throw new CommandError([`${action} is an action of the product's ${taken.agent} already.`]);
  const folder = options.text("folder") ?? ownActionsFolder;
  const file = join(folder, `${action}.ts`);
  const description = options.text("description") ?? `What ${action} is for.`;
  await mkdir(folder, { recursive: true });
  await writeNew(file, actionFile({ action, agent: owner, description }));
  return {
    document: { action, agent: owner, files: [file] },
    text: () =>
      [
        `${plain(file)} is written. A step names it so:`,
        `  - { id: ${action}, agent: ${owner}, action: ${action} }`,
        "Then: npx revops validate",
      ].join("\n"),
  };
}

async function answers(call: Call, given: string | null, registry: FlowRegistry): Promise<Omit<NewFlow, "hasAdmin">> {
  const { options } = call;
  const wrongId = (id: string) => idProblem(id, registry);
  const flowId = await asked(call, {
    given,
    question: "Its id, such as quarter_check_in",
    otherwise: null,
    wrong: wrongId,
  });
  const start = await asked(call, {
    given: options.text("start"),
    question: "What starts it: schedule, event or manual",
    otherwise: "schedule",
    wrong: oneOf("--start", starts),
  });
  const event = await asked(call, {
    given: start === "event" ? options.text("event") : "customer.created",
    question: "Which event",
    otherwise: "customer.created",
    wrong: (name) =>
      /^[a-z][a-z0-9_.]*$/.test(name) ? null : `An event is a name such as customer.created, not "${name}".`,
  });
  const approval = await asked(call, {
    given: options.text("approval"),
    question: "Is the account manager asked before anything goes out: yes or no",
    otherwise: "yes",
    wrong: oneOf("--approval", ["yes", "no"]),
  });
  const channel = await asked(call, {
    given: options.text("channel"),
    question: "Which channel is told",
    otherwise: "#revops",
    wrong: (name) =>
      /^#[^\s#]+$/.test(name) ? null : `A channel is written with its #, such as #revops, not "${name}".`,
  });
  const description = await asked(call, {
    given: options.text("description"),
    question: "What it is for, in a line",
    otherwise: "Look at this customer",
    wrong: (text) => (text.length <= 200 && !/[\r\n]/.test(text) ? null : "A line of at most 200 characters is meant."),
  });
  const known = starts.find((one) => one === start) ?? "schedule";
  return { flowId, start: known, event, approval: approval === "yes", channel, description };
}

function idProblem(id: string, registry: FlowRegistry): string | null {
  if (!identifier.test(id) || reservedIds.has(id))
    return `A flow's id is small letters, digits and _, and begins with a letter, such as quarter_check_in; not "${id}".`;
  const known = registry.get({ flowId: id });
  return known === null ? null : `There is a flow ${id} already, in ${known.file ?? "a program"}.`;
}

function oneOf(option: string, words: readonly string[]): (word: string) => string | null {
  return (word) => (words.includes(word) ? null : `${option} must be one of ${words.join(", ")}, not "${word}".`);
}

const mostTurns = 5;

interface Asked {
  /** On the line; null: not there. */
  given: string | null;
  question: string;
  /** Null: there must be an answer. */
  otherwise: string | null;
  wrong: (text: string) => string | null;
}

/** Asks again while the answer can't be used; what stands on the line is used or refused. */
async function asked({ terminal }: Call, { given, question, otherwise, wrong }: Asked): Promise<string> {
  if (given !== null || !terminal.isInteractive) return usable(given ?? otherwise, wrong);
  let problem: string | null = null;
  for (let turn = 0; turn < mostTurns; turn += 1) {
    const hint = otherwise === null ? "" : ` [${otherwise}]`;
    const typed = (await terminal.ask(`${question}${hint}: `)).trim();
    const text = typed === "" ? otherwise : typed;
    // The input has ended, or nothing will do.
    if (text === null) throw new UsageError("A flow needs an id: new flow quarter_check_in.");
    problem = wrong(text);
    if (problem === null) return text;
    terminal.err(`${plain(problem)}\n`);
  }
  throw new CommandError([`No flow is written. ${problem ?? ""}`.trim()]);
}

function usable(text: string | null, wrong: (text: string) => string | null): string {
  if (text === null) throw new UsageError("A flow needs an id: new flow quarter_check_in.");
  const problem = wrong(text);
  if (problem !== null) throw new CommandError([problem]);
  return text;
}

async function write(flow: NewFlow, folder: string): Promise<Answer> {
  const files = [
    { file: join(folder, `${flow.flowId}.yml`), text: flowFile(flow) },
    { file: join(folder, `${flow.flowId}.test.yml`), text: testFile(flow) },
  ];
  await mkdir(folder, { recursive: true });
  for (const { file, text } of files) await writeNew(file, text);
  const [yml = "", test = ""] = files.map(({ file }) => file);
  return {
    document: { flow_id: flow.flowId, files: [yml, test] },
    text: () =>
      [
        `${plain(yml)} and its test are written. Then:`,
        `  npx revops test ${plain(test)}`,
        `  npx revops graph ${flow.flowId}`,
        `  npx revops simulate ${flow.flowId}`,
        `  npx revops run ${flow.flowId} CUSTOMER`,
      ].join("\n"),
  };
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: "wx" });
  } catch (error) {
    const isThere = error instanceof Error && "code" in error && error.code === "EEXIST";
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError([isThere ? `${file} is there already.` : `${file} can't be written: ${reason}`]);
  }
}
