/** `simulate`: what a flow would do over a period; a message that says how far it is becomes the summary, with its calendar. */
import { RequestError } from "../../engine/engine.ts";
import { escapeMrkdwn } from "../../notify/slack/escape.ts";
import { toPng } from "../../notify/slack/pictures/rasterise.ts";
import { readPeriod } from "../../simulation/period.ts";
import { refuseToSimulate } from "../../simulation/refuse.ts";
import type { CommandLine } from "../listeners/commands/command-line.ts";
import { loggable } from "../loggable.ts";
import type { LongAnswer } from "../long-answer.ts";
import type { BotServices } from "../services.ts";
import { sentence, type Message } from "../views/message.ts";
import { reportMessage } from "../views/report.ts";
import { simulationPicture } from "../views/simulation-picture.ts";
import { simulationReport } from "../views/simulation.ts";
import type { Ask } from "./answer.ts";

type SimulateLine = Extract<CommandLine, { kind: "simulate" }>;

/** Real time, between two words on how far it is: Slack takes about one edit a second of a message. */
const paceMs = 3_000;

export async function simulate(ask: Ask & { line: SimulateLine }): Promise<Message | null> {
  const { services, line } = ask;
  const definition = services.engine.flow({ flowId: line.flowId });
  const { timezone } = services;
  const read = readPeriod({ text: line.period ?? "30d", now: services.clock.now(), timezone });
  if (!read.ok) throw new RequestError(read.problem.charAt(0).toUpperCase() + read.problem.slice(1));
  const { period } = read;
  const { customer, assumed } = line;
  const refusal = refuseToSimulate({ definition, period, timezone, hasCustomer: customer !== null, isInSlack: true });
  if (refusal !== null) throw new RequestError(refusal);
  const shown: { answer: LongAnswer | null; at: number } = { answer: null, at: 0 };
  const onProgress = (done: number) => {
    const now = services.questions.realNow();
    if (shown.answer === null || now - shown.at < paceMs) return;
    shown.at = now;
    void shown.answer.show(progress(line.flowId, done));
  };
  const { stopping: signal } = services.questions;
  const asked = { definition, period, assumed, customer, signal, onProgress };
  const { id, report: running } = services.simulations.start(asked);
  // Where it stands is being opened meanwhile.
  running.catch(() => {});
  const answer = (await ask.openAnswer?.()) ?? null;
  await answer?.show(progress(line.flowId, 0));
  shown.at = services.questions.realNow();
  shown.answer = answer;
  return finished({ services, answer, running, id });
}

async function finished(parameters: {
  services: BotServices;
  answer: LongAnswer | null;
  running: ReturnType<BotServices["simulations"]["start"]>["report"];
  id: string;
}): Promise<Message | null> {
  const { services, answer, running, id } = parameters;
  try {
    const report = await running;
    const message = reportMessage(simulationReport(report, services), { word: "simulation", subject: id });
    if (answer === null) return message;
    // The result goes to who asked all the same.
    if (!(await answer.show(message))) return message;
    await draw({ services, answer, report });
    return answer.words === null ? null : sentence(`The simulation stands ${answer.words}.`);
  } catch (error) {
    // What stands there must not promise a result for ever; what went wrong is told as always.
    await answer?.show(sentence("This simulation has ended without a result."));
    throw error;
  }
}

/** Without it the summary is still there. */
async function draw(parameters: {
  services: BotServices;
  answer: LongAnswer;
  report: Parameters<typeof simulationPicture>[0];
}): Promise<void> {
  const { services, answer, report } = parameters;
  try {
    const picture = simulationPicture(report);
    const refused = await answer.picture({ ...picture, png: await toPng(picture.drawing) });
    if (refused !== null) services.logger.warn({ refused }, "the calendar of a simulation could not be posted");
  } catch (error) {
    services.logger.warn(loggable(error), "the calendar of a simulation could not be posted");
  }
}

function progress(flowId: string, done: number): Message {
  return sentence(`Simulating ${escapeMrkdwn(flowId)}: ${Math.floor(done * 100)} %. Nothing is sent.`);
}
