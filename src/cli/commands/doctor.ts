/** `doctor`: whether the app, as it is set up, could do its work now, and what to do where it couldn't. */
import type { Configuration } from "../../app/configuration.ts";
import type { Settings } from "../../app/settings.ts";
import { problem, summary, type Check } from "../../flow/check-up.ts";
import type { Answer, Call, Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import type { Paper } from "../paper.ts";
import { plain } from "../plain.ts";
import { table } from "../table.ts";

export const doctor: Command = {
  word: "doctor",
  usage: ["doctor"],
  purpose:
    "whether settings, Slack, mail, calendar, state, state machines, customers, flows and roles are as they must be",
  options: {},
  notes: ["Nothing is sent and nothing is changed. A problem gives exit code 1; a warning alone doesn't."],
  examples: [
    { line: "doctor", about: "before a deployment, or when something is odd" },
    { line: "doctor --json", about: "for a pipeline" },
  ],
  run: async (call) => {
    if (call.words.length > 0) throw new UsageError("This command takes nothing behind it.");
    return answer(await checks(call));
  },
};

async function checks(call: Call): Promise<Check[]> {
  const [{ readSettings }, { ConfigurationError }, { terminalConfiguration }] = await Promise.all([
    import("../../app/settings.ts"),
    import("../../app/configuration.ts"),
    import("../known-flows.ts"),
  ]);
  const read = readSettings(call.terminal.environment);
  if (!read.ok) return read.problems.map((line) => problem("settings", line, "docs/configuration.md has all of them."));
  const { settings } = read;
  try {
    const configuration = await terminalConfiguration(settings);
    const { configurationFile } = settings;
    const well: Check = {
      about: "settings",
      state: "ok",
      message: `the environment and ${configurationFile.path} can be read`,
      advice: null,
    };
    return [well, ...(await examined(call, settings, configuration))];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems.map((line) => problem("settings", line, "npx revops validate tells each at its place."));
  }
}

/** The state store is opened as every command opens it, so one that can't be is an answer of its own. */
async function examined(call: Call, settings: Settings, configuration: Configuration): Promise<Check[]> {
  const [{ examine }, { within }, { systemTime }, { googleCalendar }, { inSession }] = await Promise.all([
    import("../../app/doctor/examine.ts"),
    import("../../app/within.ts"),
    import("../../app/app-clock.ts"),
    import("../../app/delivery.ts"),
    import("../session.ts"),
  ]);
  const { slack, smtp, flowFolders, state, timezone } = settings;
  try {
    const calendar = settings.calendar === null ? null : await googleCalendar(settings.calendar);
    return await inSession(call, async ({ registry, problems, store, source, now }) =>
      examine({
        slack: slack.kind === "sandbox" ? null : slack,
        smtp,
        calendar,
        configuration,
        flows: { all: registry.all(), problems, folders: flowFolders },
        people: await peopleOf(settings, configuration),
        store,
        storeKind: state.kind,
        engine: settings.engine,
        source,
        now,
        timezone,
        realNow: systemTime.now,
        within,
      }),
    );
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return [problem("start", said, "The app would not start so.")];
  }
}

async function peopleOf({ slack }: Settings, { roles }: Configuration) {
  if (slack.kind === "sandbox") return null;
  const [{ slackParts }, { systemTime }, { pino }] = await Promise.all([
    import("../../app/slack-parts.ts"),
    import("../../app/app-clock.ts"),
    import("pino"),
  ]);
  const clock = { now: systemTime.now, at: () => () => {} };
  return slackParts({ slack, roles, clock, logger: pino({ level: "silent" }) }).people;
}

function answer(found: readonly Check[]): Answer {
  const { problems, warnings } = summary(found);
  return {
    document: { checks: found.map((check) => ({ ...check })), problems, warnings },
    text: (paper) => textOf(paper, found),
    isProblem: problems > 0,
  };
}

const colours = { ok: "green", warning: "yellow", problem: "red" } as const;

function textOf(paper: Paper, found: readonly Check[]): string {
  const rows = found.flatMap(({ about, state, message, advice }) => [
    [paper.mark(colours[state], state), about, plain(message)],
    ...(advice === null ? [] : [["", "", plain(advice)]]),
  ]);
  const { problems, warnings } = summary(found);
  const last =
    problems + warnings === 0 ? "All is well." : `${counted(problems, "problem")}, ${counted(warnings, "warning")}.`;
  return `${table(paper, { rows })}\n\n${last}`;
}

function counted(count: number, word: string): string {
  return `${count} ${count === 1 ? word : `${word}s`}`;
}
