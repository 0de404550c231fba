/**
 * The doctor: whether the app, as it is set up, could do its work now. Everything is looked at at once, and nothing is sent or changed.
 *
 * - DR1. One thing that can't be reached hides no other: what throws, or doesn't answer in time, is a problem of its own.
 * - DR2. No secret is in an answer (T3): settings are named, never their values.
 */
import type { CustomerSource } from "../../agents/crm/customer-source.ts";
import type { SlackAccess } from "../../bot/receiver.ts";
import { problem, type Check } from "../../flow/check-up.ts";
import type { Problem } from "../../flow/flow-file.ts";
import { LateError, type Within } from "../../flow/module-file.ts";
import type { People } from "../../notify/notifier.ts";
import type { LoadedFlow } from "../../flow/registry.ts";
import type { StateStore } from "../../state/state-store.ts";
import type { Configuration } from "../configuration.ts";
import type { Delivery } from "../delivery.ts";
import type { EngineSettings } from "../engine-settings.ts";
import { customersCheck } from "./customers-check.ts";
import { calendarCheck, mailCheck } from "./delivery-check.ts";
import { flowCheck, roleCheck } from "./flows-check.ts";
import { slackChecks } from "./slack-check.ts";

export interface Patient extends Delivery {
  /** Null: none is set up. */
  slack: SlackAccess | null;
  configuration: Configuration;
  flows: { all: readonly LoadedFlow[]; problems: readonly Problem[]; folders: readonly string[] };
  /** Null: only Slack would know them. */
  people: Pick<People, "resolve"> | null;
  store: Pick<StateStore, "nextWake">;
  /** Where the history lies, for people: `sqlite` or `dynamodb`. */
  storeKind: string;
  /** Who decides what runs next. */
  engine: EngineSettings;
  source: Pick<CustomerSource, "all" | "records">;
  /** The app's clock: of what is fresh. */
  now: number;
  timezone: string;
  /** The machine's own clock, which no sandbox moves. */
  realNow: () => number;
  within: Within;
}

/** Of each thing; longer than the time that a server is given to answer. */
const patienceMs = 15_000;

export async function examine(patient: Patient): Promise<Check[]> {
  const looks: [string, () => Promise<Check[]>][] = [
    ["Slack", () => slackChecks(patient)],
    ["mail", async () => [await mailCheck(patient)]],
    ["calendar", async () => [await calendarCheck(patient)]],
    ["state", async () => [await storeCheck(patient)]],
    [
      "state machines",
      // The SDK's client of it is loaded only where it is used.
      async () =>
        patient.engine.kind === "embedded" ? [] : (await import("./machines-check.ts")).machinesCheck(patient),
    ],
    ["customers", () => customersCheck(patient)],
    ["flows", async () => [flowCheck(patient)]],
    ["roles", async () => [await roleCheck(patient)]],
  ];
  const found = await Promise.all(looks.map(([about, look]) => looked(about, look, patient.within)));
  return found.flat();
}

async function looked(about: string, look: () => Promise<Check[]>, within: Within): Promise<Check[]> {
  try {
    return await within(look(), patienceMs);
  } catch (error) {
    if (error instanceof LateError)
      return [
        problem(
          about,
          `no answer in ${patienceMs / 1000} seconds`,
          "Look whether it can be reached from this machine.",
        ),
      ];
    return [problem(about, sentenceOf(error), "Mend what it says, and look again.")];
  }
}

/** Addresses with a password in them are blotted out. */
function sentenceOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return said.replaceAll(/([a-z]+:\/\/)[^\s/@]+@/g, "$1…@");
}

async function storeCheck({ store, storeKind }: Patient): Promise<Check> {
  await store.nextWake();
  return { about: "state", state: "ok", message: `the ${storeKind} store can be read`, advice: null };
}
