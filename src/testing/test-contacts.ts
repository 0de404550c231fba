/** How a test says whom the world may reach and when: `people` and `limits.contacts` of revops.yml, as far as they hold effects back. */
import type { ContactRules } from "../engine/contact-rules.ts";
import { holidayCalendar } from "../flow/holiday-calendar.ts";
import { mailboxOf } from "../flow/mail-address.ts";
import { publicHolidays } from "../flow/public-holidays.ts";
import { noHolidays } from "../flow/working-time.ts";
import { TestError } from "./test-error.ts";

/** What is left out holds nothing back; weekends count as soon as quiet hours or holidays are given. */
export interface TestContacts {
  /** Times of day such as "18:00", in the zone of whom it reaches. */
  quietHours?: { from: string; to: string };
  /** Regions such as US and DE-BY, and days such as 2026-12-24. */
  holidays?: string | readonly string[];
  /** False: nothing goes out as a direct message. */
  directMessages?: boolean;
  /** In any seven days. */
  perPersonPerWeek?: number;
  perAccountPerWeek?: number;
  /** Mail addresses, and ids or names of customers. */
  doNotContact?: readonly string[];
}

export function testContacts(named: TestContacts): ContactRules {
  const { quietHours, holidays, directMessages = true, perPersonPerWeek, perAccountPerWeek, doNotContact = [] } = named;
  const days = holidays === undefined ? [] : [holidays].flat();
  const others = { regions: days.filter((text) => !isDay(text)), dates: days.filter(isDay) };
  return {
    workingTime: {
      quietHours: quietHours === undefined ? null : { from: minutes(quietHours.from), to: minutes(quietHours.to) },
      holidays: days.length === 0 ? noHolidays : holidayCalendar({ zones: new Map(), others }, publicHolidays),
    },
    keepsQuiet: quietHours !== undefined || days.length > 0,
    directMessages,
    perPersonPerWeek: perPersonPerWeek ?? null,
    perAccountPerWeek: perAccountPerWeek ?? null,
    doNotContact: {
      mailboxes: new Set(doNotContact.filter(isAddress).map(mailboxOf)),
      customers: new Set(doNotContact.filter((text) => !isAddress(text)).map((text) => text.toLowerCase())),
    },
  };
}

function isDay(text: string): boolean {
  return /^\d/.test(text);
}

function isAddress(text: string): boolean {
  return text.includes("@");
}

function minutes(time: string): number {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  if (hour === undefined || minute === undefined) throw new TestError(`"${time}" is no time of day, such as "18:00".`);
  return Number(hour) * 60 + Number(minute);
}
