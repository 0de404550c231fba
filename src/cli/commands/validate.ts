/** `validate`: what is wrong in flow files and in revops.yml, each with its place and the nearest right name. */
import { stat } from "node:fs/promises";
import { normalize, resolve } from "node:path";
import type { CrmWriting } from "../../agents/local/execution/update-crm.ts";
import type { Configuration } from "../../app/configuration.ts";
import type { CommonSettings } from "../../app/settings.ts";
import type { Problem } from "../../flow/flow-file.ts";
import type { LoadedFlow } from "../../flow/registry.ts";
import type { Answer, Call, Command } from "../command.ts";
import type { Paper } from "../paper.ts";
import { plain } from "../plain.ts";

export const validate: Command = {
  word: "validate",
  usage: ["validate [FILE …] [--strict]"],
  purpose: "what is wrong in flow files and in revops.yml, each at its place",
  options: {
    strict: { type: "flag", value: "", about: "warns of more, and a warning is a failure too" },
  },
  notes: [
    "Without a file: all of REVOPS_FLOWS. A file is checked in the company of those, since a flow may call another; a",
    "folder means its flow files. Warnings alone are no failure, but for --strict: that also warns of steps that reach people",
    "without an approval before them, and of conditions that can't be true.",
  ],
  examples: [
    { line: "validate", about: "everything that the app would load" },
    { line: "validate flows/standard/renewal_management.yml", about: "one file" },
    { line: "validate --strict", about: "before a flow goes live" },
    { line: "validate --json", about: "for an editor or a pipeline" },
  ],
  run,
};

async function run({ words, options, terminal }: Call): Promise<Answer> {
  const [{ terminalSettings }, { actionCatalogue }, { loadFlowFolders }, { OwnActions }, { within }] =
    await Promise.all([
      import("../settings.ts"),
      import("../known-flows.ts"),
      import("../../flow/registry.ts"),
      import("../../agents/own/own-actions.ts"),
      import("../../app/within.ts"),
    ]);
  const settings = terminalSettings(terminal.environment);
  const strict = options.isSet("strict");
  const configured = await readConfigured(settings);
  const files = (await Promise.all(words.map(filesOf))).flat().map((path) => normalize(path));
  const configurationPath = resolve(settings.configurationFile.path);
  const catalogue = await actionCatalogue(configured.writing);
  const { flows, problems } = await loadFlowFolders({
    folders: settings.flowFolders,
    files: files.filter((file) => resolve(file) !== configurationPath),
    catalogue,
    ownActions: new OwnActions({ product: catalogue, within }),
    within,
    variables: configured.configuration?.variables ?? {},
    strict,
  });
  const all = [...configured.problems, ...problems, ...(await roleProblems(configured.configuration, flows))];
  const asked = words.length === 0 ? null : new Set(files.map((file) => resolve(file)));
  const found = onceEach(all.filter(({ file }) => asked === null || asked.has(resolve(file))));
  const checked = asked === null ? flows.length : files.length;
  return answer({ problems: found, checked, what: asked === null ? "flow" : "file", strict });
}

/** A file that is named and in a folder is read twice where its path is written in two ways. */
function onceEach(problems: readonly Problem[]): Problem[] {
  const seen = new Map(problems.toReversed().map((problem) => [placeOf(problem), problem]));
  return problems.filter((problem) => seen.get(placeOf(problem)) === problem);
}

function placeOf({ file, line, column, message }: Problem): string {
  return JSON.stringify([resolve(file), line, column, message]);
}

/** A folder means the flow files in it. */
async function filesOf(path: string): Promise<string[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return [path];
  const { flowFiles } = await import("../../flow/registry.ts");
  return flowFiles([path], []);
}

/** Null where it can't be read: then flows are checked without its variables, and its own problems come first. */
async function readConfigured(
  settings: CommonSettings,
): Promise<{ configuration: Configuration | null; writing: CrmWriting; problems: Problem[] }> {
  const [{ terminalConfiguration }, { ConfigurationError, noConfiguration }, { crmWriting }] = await Promise.all([
    import("../known-flows.ts"),
    import("../../app/configuration.ts"),
    import("../../app/crm-writing.ts"),
  ]);
  try {
    const configuration = await terminalConfiguration(settings);
    return { configuration, writing: crmWriting(settings.crm, configuration), problems: [] };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return {
      configuration: null,
      writing: crmWriting(settings.crm, noConfiguration),
      problems: error.problems.map((line) => located(line, settings.configurationFile.path)),
    };
  }
}

function located(line: string, file: string): Problem {
  const match = /^(.*?):(\d+):(\d+): ([^]*)$/.exec(line);
  if (match === null) return { file, line: 1, column: 1, message: line, severity: "error" };
  const [, at = file, row = "1", column = "1", message = line] = match;
  return { file: at, line: Number(row), column: Number(column), message, severity: "error" };
}

/** What shows only once flows and revops.yml are seen together; another environment may have another revops.yml. */
async function roleProblems(configuration: Configuration | null, flows: readonly LoadedFlow[]): Promise<Problem[]> {
  if (configuration === null || flows.length === 0) return [];
  const { setUpLines } = await import("../../app/start-lines.ts");
  return flows.flatMap((flow) => {
    const file = flow.file ?? flow.definition.flow_id;
    return setUpLines({ flows: [flow], folders: [], roles: configuration.roles }).map((line): Problem => {
      const message = line.startsWith(`${file}: `) ? line.slice(file.length + 2) : line;
      return { file, line: 1, column: 1, message, severity: "warning" };
    });
  });
}

interface Checked {
  problems: Problem[];
  checked: number;
  what: "flow" | "file";
  strict: boolean;
}

function answer({ problems, checked, what, strict }: Checked): Answer {
  const errors = problems.filter(({ severity }) => strict || severity === "error").length;
  const text = (paper: Paper) => {
    const lines = problems.map((problem) => problemLine(paper, problem));
    if (errors > 0) return lines.join("\n");
    const subject = checked === 1 ? `1 ${what} is` : `${checked.toLocaleString("en-US")} ${what}s are`;
    return [...lines, `${subject} fine.`].join("\n");
  };
  return { document: { problems: problems.map((problem) => ({ ...problem })) }, text, isProblem: errors > 0 };
}

function problemLine(paper: Paper, { file, line, column, message, severity }: Problem): string {
  const word = severity === "warning" ? paper.mark("yellow", "warning: ") : "";
  return `${paper.mark("bold", `${plain(file)}:${line}:${column}`)}: ${word}${plain(message)}`;
}
