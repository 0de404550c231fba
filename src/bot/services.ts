/** What every listener may call, and nothing else: the bot holds no state of its own. */
import type { Check } from "../flow/check-up.ts";
import type { Clock } from "../flow/clock.ts";
import type { Engine } from "../engine/engine.ts";
import type { Channels, People } from "../notify/notifier.ts";
import type { Simulations } from "./simulations.ts";
import type { QuestionTools } from "./questions/question-tools.ts";
import type { Turns } from "./turns.ts";

/** pino's logger fits. */
export interface BotLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface BotServices {
  engine: Engine;
  people: People;
  channels: Channels;
  logger: BotLogger;
  clock: Clock;
  /** Of the app: for the words that stand where a client can't show the reader's own time. */
  timezone: string;
  /** A short word that is told to a person and stands in the log beside the error. */
  newReference(): string;
  /** What is asked of the engine takes turns, so that everybody is acknowledged in time. */
  turns: Turns;
  questions: QuestionTools;
  simulations: Simulations;
  /** Whether the app, as it is set up, could do its work now. */
  examine: () => Promise<Check[]>;
}
