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
  usage: ["validate [FILE …]"],
  purpose: "what is wrong in flow files and in revops.yml, each at its place",
  options: {},
  notes: [
    "Without a file: all of REVOPS_FLOWS. A file is checked in the company of those, since a flow may call another; a",
    "folder means its flow files. Warnings alone are no failure.",
  ],
  examples: [
    { line: "validate", about: "everything that the app would load" },
    { line: "validate flows/standard/renewal_management.yml", about: "one file" },
    { line: "validate --json", about: "for an editor or a pipeline" },
  ],
  run,
};

async function run({ words, terminal }: Call): Promise<Answer> {
  const [{ terminalSettings }, { actionCatalogue }, { loadFlowFolders }] = await Promise.all([
    import("../settings.ts"),
    import("../known-flows.ts"),
    import("../../flow/registry.ts"),
  ]);
  const settings = terminalSettings(terminal.environment);
  const configured = await readConfigured(settings);
  const files = (await Promise.all(words.map(filesOf))).flat().map((path) => normalize(path));
  const configurationPath = resolve(settings.configurationFile.path);
  const { flows, problems } = await loadFlowFolders({
    folders: settings.flowFolders,
    files: files.filter((file) => resolve(file) !== configurationPath),
    catalogue: await actionCatalogue(configured.writing),
    variables: configured.configuration?.variables ?? {},
  });
  const all = [...configured.problems, ...problems, ...(await roleProblems(configured.configuration, flows))];
  const asked = words.length === 0 ? null : new Set(files.map((file) => resolve(file)));
  const found = onceEach(all.filter(({ file }) => asked === null || asked.has(resolve(file))));
  const checked = asked === null ? flows.length : files.length;
  return answer({ problems: found, checked, what: asked === null ? "flow" : "file" });
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

function answer({ problems, checked, what }: { problems: Problem[]; checked: number; what: string }): Answer {
  const errors = problems.filter(({ severity }) => severity === "error").length;
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
