/** Which days are holidays in which zone, by what `people.holidays` of revops.yml says: regions, and days of one's own. */
import type { Holidays } from "./working-time.ts";

export interface HolidaySet {
  /** `US`, `DE-BY`. */
  regions: readonly string[];
  /** ISO dates. */
  dates: readonly string[];
}

export interface HolidayRules {
  /** By IANA zone. */
  zones: ReadonlyMap<string, HolidaySet>;
  /** Of all other zones. */
  others: HolidaySet;
}

/** Date → name, of one region and year. */
export type RegionHolidays = (asked: { region: string; year: number }) => ReadonlyMap<string, string>;

const ownDay = "a company holiday";

export function holidayCalendar({ zones, others }: HolidayRules, holidaysOf: RegionHolidays): Holidays {
  const known = new Map<string, ReadonlyMap<string, string>>();
  const ofYear = (region: string, year: number) => {
    const key = `${region} ${year}`;
    const found = known.get(key) ?? holidaysOf({ region, year });
    known.set(key, found);
    return found;
  };
  return ({ date, timezone }) => {
    const { regions, dates } = zones.get(timezone) ?? others;
    if (dates.includes(date)) return ownDay;
    const year = Number(date.slice(0, 4));
    for (const region of regions) {
      const name = ofYear(region, year).get(date);
      if (name !== undefined) return `${name} in ${region}`;
    }
    return null;
  };
}
