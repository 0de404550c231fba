/** `plan_digests`: who is told this week, when it is their morning, and where the roll-up goes. */
import { z } from "zod";
import type { CustomerSource } from "../../crm/customer-source.ts";
import type { ZoneOf } from "../execution/create-calendar-event.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import type { DigestSettings } from "./digest-settings.ts";
import { digestTime } from "./digest-time.ts";
import { ownerOf, presentCustomers } from "./owners.ts";

/** A step repeats over so many at most. */
const mostOwners = 1_000;

const Parameters = z.strictObject({}).describe("Whom this week's digests go to, and when, by revops.yml.");

const Output = z.strictObject({
  owners: z
    .array(z.strictObject({ owner: z.string(), timezone: z.string(), at: z.iso.datetime() }))
    .describe("account managers, with their own morning; empty where digests are off"),
  left_out: z.number().int().min(0).describe("account managers beyond the first 1,000"),
  channel: z.string().nullable().describe("of the roll-up; null: it is off"),
  timezone: z.string().describe("of the roll-up"),
  roll_up_at: z.iso.datetime(),
});

export function planDigests(parts: { source: CustomerSource; settings: DigestSettings; zoneOf: ZoneOf }): LocalAction {
  const { source, settings, zoneOf } = parts;
  return defineAction({
    agent: "data_agent",
    action: "plan_digests",
    parameters: Parameters,
    output: Output,
    reads: [],
    plansEffects: false,
    readsCustomer: false,
    run: async (_none, { context: { now }, signal }) => {
      const at = (timezone: string) => new Date(digestTime({ now, timezone, settings })).toISOString();
      const customers = settings.owners ? await presentCustomers(source, signal) : [];
      const owners = [...new Set(customers.flatMap((customer) => ownerOf(customer) ?? []))].toSorted();
      const told = await Promise.all(
        owners.slice(0, mostOwners).map(async (owner) => {
          const timezone = (await zoneOf(owner)) ?? settings.timezone;
          return { owner, timezone, at: at(timezone) };
        }),
      );
      return {
        output: {
          owners: told,
          left_out: owners.length - told.length,
          channel: settings.rollUp ? settings.channel : null,
          timezone: settings.timezone,
          roll_up_at: at(settings.timezone),
        },
      };
    },
  });
}
