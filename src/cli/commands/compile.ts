/** `compile`: a flow as Amazon States Language, on standard output; what is otherwise there, with `--report`. */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Compiled, Remark } from "../../asl/compile.ts";
import type { CommonSettings } from "../../app/settings.ts";
import type { ActionCatalogue } from "../../flow/action.ts";
import { JsonObject } from "../../flow/json.ts";
import type { FlowDefinition } from "../../flow/flow.ts";
import type { LoadedFlow } from "../../flow/registry.ts";
import type { Answer, Call, Command } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import { fieldPlace } from "../field-place.ts";
import { plain } from "../plain.ts";
import { stepPlace } from "../step-place.ts";
import { compileReport } from "../views/compile-report.ts";

export const compileCommand: Command = {
  word: "compile",
  usage: ["compile FILE [--strict] [--report] [--batch]"],
  purpose: "a flow as a state machine of AWS Step Functions, in Amazon States Language",
  options: {
    strict: { type: "flag", value: "", about: "refuses a graph that needs an added wait" },
    report: {
      type: "flag",
      value: "",
      about: "instead of the machine: added waits, differences, what an execution takes",
    },
    batch: { type: "flag", value: "", about: "instead of it: the machine that starts one execution for each customer" },
  },
  notes: [
    "What the embedded engine does and Step Functions can't is refused, at its place. The functions and machines that it calls",
    "stand in it by name, such as ${ActionsFunction}; `npx revops deploy` fills them in. docs/step-functions.md has the table.",
  ],
  examples: [
    { line: "compile flows/standard/renewal_management.yml", about: "the state machine" },
    {
      line: "compile flows/standard/renewal_management.yml --report",
      about: "what is otherwise than on the embedded engine",
    },
    {
      line: "compile flows/standard/renewal_management.yml --json",
      about: "machine, batch, schedules and report as one document",
    },
  ],
  run,
};

async function run({ words, options, terminal }: Call): Promise<Answer> {
  const [file, ...others] = words;
  if (file === undefined || others.length > 0) throw new UsageError("This command takes one flow file.");
  const [{ terminalSettings }, { compile }] = await Promise.all([
    import("../settings.ts"),
    import("../../asl/compile.ts"),
  ]);
  const settings = terminalSettings(terminal.environment);
  const { flow, actions } = await flowIn(file, settings);
  const { timezone } = settings;
  const compiled = compile(flow.definition, { strict: options.isSet("strict"), timezone, actions });
  if (!compiled.ok) return refused(compiled.refusals, file, await readFile(file, "utf8"));
  return answer(flow.definition, compiled, { report: options.isSet("report"), batch: options.isSet("batch") });
}

/** In the company of all flows, as it may call another; one that lies elsewhere with those of its own folder. */
async function flowIn(file: string, settings: CommonSettings): Promise<{ flow: LoadedFlow; actions: ActionCatalogue }> {
  const { knownFlows } = await import("../known-flows.ts");
  const isThis = (path: string | null) => path !== null && resolve(path) === resolve(file);
  for (const folders of [settings.flowFolders, [...settings.flowFolders, dirname(file)]]) {
    const { registry, problems, actions } = await knownFlows({ ...settings, flowFolders: folders });
    const own = problems.filter((problem) => isThis(problem.file) && problem.severity === "error");
    if (own.length > 0)
      throw new CommandError(own.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`));
    const flow = registry.all().find((known) => isThis(known.file));
    if (flow !== undefined) return { flow, actions };
  }
  throw new CommandError([`${file} holds no flow, or another file holds a newer version of it.`]);
}

function refused(refusals: Remark[], file: string, text: string): Answer {
  const problems = refusals.map(({ step, path = [], message }) => {
    const place = fieldPlace({ step, path }, text) ?? stepPlace(step, text);
    return { file, ...place, message: step === null ? message : `${step}: ${message}` };
  });
  const lines = problems.map(({ line, column, message }) => `${plain(file)}:${line}:${column}: ${plain(message)}`);
  return { document: { problems }, text: () => "", problems: lines, isProblem: true };
}

function answer(
  { flow_id, version }: FlowDefinition,
  { machine, batch, schedules, report }: Extract<Compiled, { ok: true }>,
  shown: { report: boolean; batch: boolean },
): Answer {
  if (shown.batch && batch === null)
    throw new CommandError([`${flow_id} has no schedule that starts it for customers, so there is no batch.`]);
  const document = { flow_id, version, machine, batch, schedules, report };
  return {
    // The machine's own types have optional fields, which JSON has not.
    document: JsonObject.parse(JSON.parse(JSON.stringify(document))),
    text: () => (shown.report ? compileReport(report) : JSON.stringify(shown.batch ? batch : machine, null, 2)),
  };
}
