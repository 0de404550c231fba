/** What revops.yml says about reaching people, as the engine, the agents and the calendars are given it. */
import type { ContactRules } from "../engine/contact-rules.ts";
import { holidayCalendar } from "../flow/holiday-calendar.ts";
import { publicHolidays } from "../flow/public-holidays.ts";
import { noHolidays } from "../flow/working-time.ts";
import type { Configuration } from "./configuration.ts";

export function contactRules({ people, contacts }: Pick<Configuration, "people" | "contacts">): ContactRules {
  const { quietHours, holidays: rules, directMessages } = people;
  const holidays = rules === null ? noHolidays : holidayCalendar(rules, publicHolidays);
  return {
    ...contacts,
    workingTime: { quietHours, holidays },
    keepsQuiet: quietHours !== null || rules !== null,
    directMessages,
  };
}
