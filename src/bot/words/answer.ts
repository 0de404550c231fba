/** One line of words to its answer: the same for the command, a mention and a direct message. */
import type { Person } from "../../flow/person.ts";
import { escapeMrkdwn } from "../../notify/slack/escape.ts";
import { parseCommandLine, type CommandLine } from "../listeners/commands/command-line.ts";
import type { LongAnswer } from "../long-answer.ts";
import type { BotServices } from "../services.ts";
import { checkUpMessage } from "../views/check-up.ts";
import { helpMessage } from "../views/help.ts";
import { sentence, type Message } from "../views/message.ts";
import { abort } from "./abort.ts";
import { approvals } from "./approvals.ts";
import { customer } from "./customer.ts";
import { flowVersions, flows } from "./flows.ts";
import { pause, resume } from "./pause.ts";
import { redrive } from "./redrive.ts";
import { history, report } from "./report.ts";
import { run } from "./run.ts";
import { simulate } from "./simulate.ts";
import { status } from "./status.ts";

/** What a word knows of the one who asks. */
export interface Ask {
  services: BotServices;
  person: Person;
  channel: string;
  /** Different for each time somebody asks, the same when Slack delivers it again. */
  requestId: string;
  /** May the bot post in that channel? */
  hasBot: () => Promise<boolean>;
  /** Of what takes longer than anybody waits; left out: all comes at the end. */
  openAnswer?: () => Promise<LongAnswer>;
}

/** Null: the answer is a message that the engine posts. Throws `RequestError` for what can't be done. */
export async function answer(ask: Ask & { line: string }): Promise<Message | null> {
  return perform({ ...ask, line: parseCommandLine(ask.line) });
}

/** What has been read already, or stood on a button. */
export async function perform(ask: Ask & { line: CommandLine }): Promise<Message | null> {
  const { line } = ask;
  switch (line.kind) {
    case "run":
      return run({ ...ask, line });
    case "status":
      return status({ ...ask, subject: line.subject });
    case "customer":
      return customer(ask.services, line.customer);
    case "explain":
      return report(ask.services, { word: "explain", subject: line.executionId });
    case "history":
      return history(ask.services, line.subject);
    case "metrics":
      return report(ask.services, { word: "metrics", subject: line.flowId });
    case "simulate":
      return simulate({ ...ask, line });
    case "flows":
      return line.flowId === null ? flows(ask) : flowVersions({ ...ask, flowId: line.flowId });
    case "approvals":
      return approvals(ask);
    case "pause":
      return pause({ ...ask, flowId: line.flowId });
    case "resume":
      return resume({ ...ask, flowId: line.flowId });
    case "abort":
      return abort({ ...ask, line });
    case "redrive":
      return redrive({ ...ask, line });
    case "doctor":
      return checkUpMessage(await ask.services.examine());
    case "help":
      return helpMessage(line.topic);
    case "unknown":
      return unknownWord(line);
    case "problem":
      return sentence(escapeMrkdwn(line.message));
    default:
      return line satisfies never;
  }
}

function unknownWord(line: { word: string; suggestion: string | null }): Message {
  const word = escapeMrkdwn(line.word.slice(0, 80));
  if (line.suggestion !== null)
    return sentence(`\`${word}\` is no word of mine. Did you mean \`/revops ${line.suggestion}\`?`);
  return sentence(`\`${word}\` is no word of mine. \`/revops help\` lists what works.`);
}
