/** `simulate`: what a flow would do over a period, without doing any of it. */
import type { AssumedDecision, SimulationReport } from "../../simulation/report.ts";
import type { Answer, Call, Command } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import { pictureFile, pictureOption, writePicture } from "../picture-file.ts";
import { plain } from "../plain.ts";

const assumed = ["approve", "reject", "expire"] as const satisfies readonly AssumedDecision[];

export const simulateCommand: Command = {
  word: "simulate",
  usage: ["simulate FLOW [PERIOD] [--approvals A] [--customer C] [--list] [--picture FILE]"],
  purpose: "what a flow would do over a period: who would get what, when, and why not",
  options: {
    approvals: {
      type: "text",
      value: "A",
      about: "what people are assumed to say: approve, reject or expire (approve)",
    },
    customer: {
      type: "text",
      value: "C",
      about: "one execution about this customer, started as the period begins, in place of the schedules",
    },
    list: { type: "flag", value: "", about: "each effect, approval and reason, in the order of time" },
    picture: pictureOption("draws a calendar of it"),
  },
  notes: [
    "PERIOD is a length from now such as 30d or 12w (30d), a quarter (2026-Q4), a month (2026-12), a day, or two days with .. between them.",
    "Nothing is sent and nothing stored. Customers are read as they stand now; the clock alone moves (docs/simulate.md).",
  ],
  examples: [
    { line: "simulate renewal_management", about: "the next 30 days" },
    { line: "simulate renewal_management 2026-Q4 --approvals expire", about: "a quarter in which nobody decides" },
    { line: "simulate renewal_management 2026-11-01..2026-12-31 --list", about: "two months, each message" },
    { line: "simulate renewal_management 90d --customer cust-10021", about: "one customer's course" },
  ],
  run: async (call) => {
    const { terminal, options } = call;
    const picture = pictureFile(options);
    const request = await requestOf(call);
    const [{ runSimulation }, { progressOn }, { moment }] = await Promise.all([
      import("../../app/simulation/open-simulation.ts"),
      import("../progress.ts"),
      import("../moment.ts"),
    ]);
    const progress = progressOn(terminal);
    const { from, to } = request.period;
    const onProgress = (done: number) =>
      progress.show(done, moment(from + done * (to - from), request.settings.timezone).slice(0, 10));
    const report = await runSimulation(request, { onProgress }).finally(() => progress.end());
    if (picture !== null) await drawCalendar(report, picture);
    return answer(report, { isListed: options.isSet("list"), picture });
  },
};

async function requestOf(call: Call) {
  const { words, options, terminal } = call;
  const [flowId, ...rest] = words;
  if (flowId === undefined) throw new UsageError("Name a flow.");
  const choice = options.choice("approvals", assumed) ?? "approve";
  const [{ terminalSettings }, { terminalClock }, { knownFlows }, { readPeriod }, { refuseToSimulate }] =
    await Promise.all([
      import("../settings.ts"),
      import("../now.ts"),
      import("../known-flows.ts"),
      import("../../simulation/period.ts"),
      import("../../simulation/refuse.ts"),
    ]);
  const settings = terminalSettings(terminal.environment);
  const { timezone } = settings;
  const now = (await terminalClock(settings)).now();
  const read = readPeriod({ text: rest.length === 0 ? "30d" : rest.join(" "), now, timezone });
  if (!read.ok) throw new UsageError(capitalised(read.problem));
  const known = await knownFlows(settings);
  const definition = known.registry.get({ flowId })?.definition ?? (await missing(known, flowId));
  const customer = options.text("customer");
  const refusal = refuseToSimulate({ definition, period: read.period, timezone, hasCustomer: customer !== null });
  if (refusal !== null) throw new CommandError([refusal]);
  const flows = known.registry.all().map((flow) => flow.definition);
  return { settings, now, definition, flows, period: read.period, assumed: choice, customer };
}

/** One whose file has problems is told with them, not as unknown. */
async function missing(
  known: Parameters<typeof import("../known-names.ts").knownFlow>[0],
  flowId: string,
): Promise<never> {
  const { knownFlow } = await import("../known-names.ts");
  const own = known.problems.filter(({ file, severity }) => severity === "error" && isFileOf(file, flowId));
  if (own.length === 0) throw knownFlow(known, flowId);
  const lines = own.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
  throw new CommandError([`${flowId} can't be simulated: its file has problems.`, ...lines.map(plain)]);
}

function isFileOf(file: string, flowId: string): boolean {
  return /([^/\\]+)\.(?:ya?ml|ts)$/.exec(file)?.[1] === flowId;
}

async function drawCalendar(report: SimulationReport, file: string): Promise<void> {
  const { simulationPicture } = await import("../../bot/views/simulation-picture.ts");
  await writePicture(file, simulationPicture(report).drawing);
}

async function answer(report: SimulationReport, shown: { isListed: boolean; picture: string | null }): Promise<Answer> {
  const { simulationDocument, simulationText } = await import("../views/simulation.ts");
  return { document: simulationDocument(report), text: (paper) => simulationText(paper, report, shown) };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
