import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { customerFields } from "../../src/flow/customer.ts";
import { compileFilter } from "../../src/flow/filter.ts";
import { acme, filterOf, noon, problemsOf, valueOf, warningsOf } from "./filter/sample.ts";

const seed = "customer.renewal_date <= now() + interval '30 days'";

describe("the seed's filter", () => {
  test("works, up to the last instant of the window", () => {
    const now = "2026-11-20T09:00:00Z";
    const on = (renewal_date: string) => valueOf(seed, { customer: { renewal_date }, now, timezone: "UTC" });
    expect(on("2026-12-20")).toBe(true);
    expect(on("2026-12-21")).toBe(false);
    expect(on("1999-01-01")).toBe(true);
  });

  test("warns that its window is open at one side, where it stands", () => {
    const [warning, ...others] = warningsOf("customer.arr > 0", `customer.seats > 0 and ${seed}`);
    expect(warning).toMatchObject({ predicate: 1, offset: 23 });
    expect(warning?.message).toContain("open at one side");
    expect(others).toEqual([]);
  });

  test("doesn't select who has no renewal date", () => {
    expect(filterOf(seed).matches({ customer: { ...acme, renewal_date: null }, ...noon })).toBe(false);
  });
});

describe("three values", () => {
  const unknown = "customer.nps > 3";
  test.each([
    [unknown, null],
    [`not (${unknown})`, null],
    [`(${unknown}) is null`, true],
    [`(${unknown}) is not true`, true],
    [`(${unknown}) is true`, false],
    [`(${unknown}) is not false`, true],
    [`${unknown} and customer.arr > 0`, null],
    [`${unknown} and customer.arr < 0`, false],
    [`(${unknown} or customer.arr > 0)`, true],
    [`(${unknown} or customer.arr < 0)`, null],
    ["customer.nps in (1, 2)", null],
    ["customer.segment in ('mid', null)", true],
    ["customer.segment in ('big', null)", null],
    ["customer.segment not in ('big', null)", null],
    ["customer.segment not in ('mid', null)", false],
    ["customer.nps between 1 and 2", null],
    ["customer.arr between 100000 and customer.nps", false],
    ["customer.arr not between 100000 and customer.nps", true],
    ["customer.nps = customer.nps", null],
    ["customer.nps <> 3", null],
    ["customer.csm_email like '%'", null],
    ["coalesce(customer.nps, 9) > 3", true],
    ["coalesce(customer.nps, customer.seats) = 120", true],
    ["customer.nps is null and customer.arr is not null", true],
    ["customer.nps isnull and customer.arr notnull", true],
    ["lower(customer.csm_email) is null", true],
    ["customer.notice_date + 30 is null", true],
  ])("%s", (predicate, value) => {
    expect(valueOf(predicate)).toBe(value);
  });

  test("only true selects", () => {
    expect(filterOf(unknown).matches({ customer: acme, ...noon })).toBe(false);
    expect(filterOf(`not (${unknown})`).matches({ customer: acme, ...noon })).toBe(false);
    expect(filterOf().matches({ customer: acme, ...noon })).toBe(true);
  });
});

function hasBegun(renewal_date: string, asked: { now: string; timezone: string }): boolean | null {
  return valueOf("customer.renewal_date <= now()", { customer: { renewal_date }, ...asked });
}

/** Five in the morning of UTC is New York's midnight. */
function isFive(created_at: string): boolean | null {
  return valueOf("customer.created_at = timestamptz '2024-01-01T05:00Z'", { customer: { created_at } });
}

describe("days in the trigger's zone", () => {
  test("current_date is the zone's day, not UTC's", () => {
    const now = "2026-12-10T03:00:00Z";
    expect(valueOf("customer.renewal_date = current_date", { now, timezone: "UTC" })).toBe(true);
    expect(valueOf("customer.renewal_date = current_date", { now, timezone: "America/New_York" })).toBe(false);
    expect(valueOf("now()::date = current_date", { now, timezone: "America/New_York" })).toBe(true);
  });

  test("a date compares with an instant as its local midnight", () => {
    const timezone = "America/New_York";
    expect(hasBegun("2026-12-10", { now: "2026-12-10T04:59:59Z", timezone })).toBe(false);
    expect(hasBegun("2026-12-10", { now: "2026-12-10T05:00:00Z", timezone })).toBe(true);
  });

  test("where midnight is skipped, the day's first instant", () => {
    const timezone = "America/Sao_Paulo";
    expect(hasBegun("2018-11-04", { now: "2018-11-04T02:59:59Z", timezone })).toBe(false);
    expect(hasBegun("2018-11-04", { now: "2018-11-04T03:00:00Z", timezone })).toBe(true);
  });

  test("a day isn't 24 hours when the clocks change: PostgreSQL's own example", () => {
    const asked = { now: "2005-04-02T19:00:00Z", timezone: "America/Denver" };
    expect(valueOf("now() + interval '1 day' = timestamptz '2005-04-03T12:00-06:00'", asked)).toBe(true);
    expect(valueOf("now() + interval '24 hours' = timestamptz '2005-04-03T13:00-06:00'", asked)).toBe(true);
  });

  test("months clamp to the month's end, and one month twice isn't two months", () => {
    expect(valueOf("date '2027-01-31' + interval '1 month' = date '2027-02-28'")).toBe(true);
    expect(valueOf("date '2028-01-31' + interval '1 month' = date '2028-02-29'")).toBe(true);
    expect(valueOf("(date '2027-01-31' + interval '1 month') + interval '1 month' = date '2027-03-28'")).toBe(true);
    expect(valueOf("date '2027-01-31' + interval '2 months' = date '2027-03-31'")).toBe(true);
    expect(valueOf("date '2027-03-31' - interval '1 month 1 day' = date '2027-02-27'")).toBe(true);
  });

  test("a result in a gap of the clocks moves forward", () => {
    const asked = { now: "2026-03-07T07:30:00Z", timezone: "America/New_York" };
    expect(valueOf("now() + interval '1 day' = timestamptz '2026-03-08T03:30-04:00'", asked)).toBe(true);
  });

  test("date - date is a number of days, date ± whole number a date", () => {
    expect(valueOf("customer.renewal_date - current_date = 20")).toBe(true);
    expect(valueOf("customer.renewal_date - current_date <= 30")).toBe(true);
    expect(valueOf("current_date + 20 = customer.renewal_date")).toBe(true);
    expect(valueOf("customer.renewal_date-20=current_date")).toBe(true);
    expect(valueOf("customer.renewal_date -20 = current_date")).toBe(true);
  });

  test("instants subtract to an interval, compared by length", () => {
    const asked = { now: "2026-01-01T00:00:00Z" };
    expect(valueOf("now() - customer.created_at = interval '731 days'", asked)).toBe(true);
    expect(valueOf("now() - customer.created_at > interval '2 years'", asked)).toBe(true);
    expect(valueOf("interval '1 month' = interval '30 days'")).toBe(true);
    expect(valueOf("interval '24 hours' = interval '1 day'")).toBe(true);
    expect(valueOf("interval '2 weeks ago' = - interval '14 days'")).toBe(true);
  });

  test("a created_at without an offset is local, one that is no time is NULL", () => {
    expect(isFive("2024-01-01T05:00:00Z")).toBe(true);
    expect(isFive("2024-01-01 00:00")).toBe(true);
    expect(isFive("2024-01-01")).toBe(true);
    expect(isFive("2024-01-01T06:00:00+01:00")).toBe(true);
    expect(isFive("yesterday")).toBeNull();
  });

  test("what leaves the calendar is NULL and breaks nothing", () => {
    expect(valueOf("current_date + 999999999 > customer.renewal_date")).toBeNull();
    expect(valueOf("current_date - 999999999 > customer.renewal_date")).toBeNull();
  });

  test("now() and zone of one firing don't stick to the next", () => {
    const filter = filterOf("customer.renewal_date = current_date");
    const at = (now: string, timezone: string) => filter.matches({ customer: acme, now: Date.parse(now), timezone });
    expect(at("2026-12-10T03:00:00Z", "UTC")).toBe(true);
    expect(at("2026-12-10T03:00:00Z", "America/New_York")).toBe(false);
    expect(at("2026-12-11T03:00:00Z", "America/New_York")).toBe(true);
  });
});

describe("texts and numbers", () => {
  test.each([
    ["customer.name like 'Acme%'", true],
    ["customer.name like 'acme%'", false],
    ["customer.name ilike 'ACME _obotics'", true],
    ["customer.name not like '%x%'", true],
    ["customer.name like 'Acme'", false],
    ["customer.name like '%'", true],
    ["'50%' like '50\\%'", true],
    ["'50x' like '50\\%'", false],
    ["'a\\b' = 'a\\b'", true],
    ["'it''s' like 'it_s'", true],
    ["'😀' like '_'", true],
    ["upper('straße') = 'STRAßE'", true],
    ["lower('İZMİR') = 'izmir'", true],
    ["'İzmir' ilike 'iz%'", true],
    ["upper('ᾳῳ') = 'ᾼῼ'", true],
    ["lower('ᾼῼ') = 'ᾳῳ'", true],
    ["lower(customer.account_manager_email) = 'dana@example.com'", true],
    ["customer.champion_status in ('left', 'unknown')", true],
    ["'Z' < 'a'", true],
    ["0.1 + 0.2 = 0.3", true],
    ["0.1 + 7 - 7 = 0.1", true],
    ["customer.arr > '5'", true],
    ["customer.seats - 20 >= 100.0", true],
    ["-customer.seats < -119", true],
    ["customer.auto_renew", true],
    ["not customer.auto_renew", false],
    ["customer.auto_renew = 'yes'", true],
    ["customer.auto_renew is not true", false],
    ["CUSTOMER.Arr>0 AND\n\tcustomer . seats<>0", true],
    ['"customer"."arr" >= 84000', true],
  ])("%s", (predicate, value) => {
    expect(valueOf(predicate)).toBe(value);
  });

  test("a pattern made to be slow isn't", () => {
    const name = "a".repeat(20_000);
    expect(valueOf(`customer.name like '${"%a".repeat(200)}%b'`, { customer: { name } })).toBe(false);
  });
});

describe("what is refused, and where", () => {
  test.each([
    ["customer.renewel_date < now()", 0, "did you mean customer.renewal_date?"],
    ["customer.arr > 1 and customer.renewal < now()", 21, "did you mean customer.renewal_date?"],
    ["customer.zzz = 1", 0, "the fields are id, name"],
    ["customer.* is null", 9, "only + and -"],
    ["arr > 1", 0, "did you mean customer.arr?"],
    ["contact.email = 'x'", 0, "customer.* only"],
    ["public.customer.arr > 1", 0, "customer.* only"],
    ['customer.status = "active"', 18, "single quotes"],
    ['customer."Arr" > 1', 0, "customer.arr"],
    ["now > customer.renewal_date", 0, "now()"],
    ["customer.arr", 0, "true or false"],
    ["customer.renewal_date", 0, "true or false"],
    ["customer.arr > 'x'", 15, "not a number"],
    ["customer.renewal_date > '2026-02-30'", 24, "not a date"],
    ["customer.renewal_date > '2026-02-01 10:00'", 24, "not a date"],
    ["customer.renewal_date > 'tomorrow'", 24, "not a date"],
    ["customer.created_at > 'infinity'", 22, "not an instant"],
    ["customer.auto_renew = 'maybe'", 22, "not true or false"],
    ["customer.name > 5", 0, "can't be compared"],
    ["customer.renewal_date > 5", 0, "date - date gives days"],
    ["customer.renewal_date < interval '30 days'", 0, "add the interval to now()"],
    ["customer.auto_renew and customer.arr", 24, "true or false"],
    ["not customer.arr", 4, "true or false is needed"],
    ["customer.renewal_date + customer.arr > now()", 0, "can't be calculated"],
    ["customer.renewal_date + customer.renewal_date > now()", 0, "can't be calculated"],
    ["customer.renewal_date < now() + '30 days'", 24, "write interval '30 days'"],
    ["customer.renewal_date < now() + 30", 24, "add an interval"],
    ["customer.renewal_date < now() + interval '30'", 41, "not an interval"],
    ["customer.renewal_date < now() + interval '1.5 days'", 41, "whole numbers"],
    ["customer.renewal_date < now() + interval '9999 years'", 41, "not an interval"],
    ["customer.name = 'a' is true", 20, "put parentheses"],
    ["customer.auto_renew = true is not true", 27, "put parentheses"],
    ["1 < 2 = true", 6, "put parentheses"],
    ["1 < 2 < 3", 6, "put parentheses"],
    ["customer.arr is null is true", 21, "put parentheses"],
    ["customer.name like 'a' = true", 23, "put parentheses"],
    ["customer.arr between 1 and 2 is true", 29, "put parentheses"],
    ["customer.arr in (select 1)", 17, "subquery"],
    ["exists (select 1)", 0, "isn't allowed"],
    ["(select true)", 1, "subquery"],
    ["customer.arr = any (array[1])", 25, "filter language"],
    ["customer.arr in 5", 13, "list in parentheses"],
    ["customer.arr in ()", 17, "out of place"],
    ["customer.arr in ((1, 2))", 19, "comma"],
    ["(customer.arr, 1) = (1, 2)", 13, "comma"],
    ["customer.name ~* 'x'", 14, "like and ilike"],
    ["customer.name !~ 'x'", 14, "like and ilike"],
    ["customer.name similar to 'x'", 14, "like and ilike"],
    ["customer.name like 'x' escape '!'", 30, "out of place"],
    ["customer.name like 'x\\'", 19, "escape"],
    ["customer.name like customer.segment", 19, "a text in quotes"],
    ["customer.arr like '5%'", 0, "a number, where a text is needed"],
    ["customer.name || 'x' = 'x'", 14, "joining"],
    ["customer.arr * 2 > 5", 13, "only + and -"],
    ["customer.arr > $1", 15, "parameters"],
    ["customer.name = $$x$$", 16, "dollar quotes"],
    ["customer.arr > 1; drop table customer", 16, "semicolon"],
    ["customer.arr > 1 -- and false", 17, "comments"],
    ["customer.arr /* x */ > 1", 13, "comments"],
    ["customer.name = E'\\x41'", 17, "without the E"],
    ["customer.name = N'x'", 16, "type isn't allowed"],
    ["customer.name = 'x", 16, "no closing quote"],
    ["customer.name = ‘x’", 16, "typographic"],
    ["customer.arr == 1", 13, "write = once"],
    ["customer.arr > 1e3", 16, "plain digits"],
    ["customer.arr > 0x10", 16, "plain digits"],
    ["customer.arr > 9007199254740993", 15, "15 digits"],
    ["customer.arr @> 1", 13, "filter language"],
    ["customer.arr > 1 and", 20, "missing beside this and"],
    ["and customer.arr > 1", 0, "missing beside this and"],
    ["customer.arr >", 14, "isn't complete"],
    ["(customer.arr > 1", 0, "isn't closed"],
    ["customer.arr > 1)", 16, "never opened"],
    ["", 0, "empty"],
    ["   ", 0, "empty"],
    ["pg_sleep(10) is null", 0, "pg_sleep(…)"],
    ["pg_catalog.now() < now()", 0, "now(…) isn't allowed"],
    ["now(1) > customer.renewal_date", 0, "nothing between"],
    ["lower() = 'x'", 0, "takes one text"],
    ["lower(customer.arr) = 'x'", 6, "a text is needed"],
    ["coalesce(customer.arr, customer.name) = 'x'", 0, "one type"],
    ["count(distinct customer.arr) > 1", 0, "count(…)"],
    ["lower(distinct customer.name) = 'x'", 0, "lower(…)"],
    ["case when true then true end", 0, "case"],
    ["extract(day from now()) = 1", 0, "extract"],
    ["current_user = 'x'", 0, "current_user"],
    ["localtimestamp > now()", 0, "localtimestamp"],
    ["now() at time zone 'UTC' > now()", 0, "AT TIME ZONE"],
    ["customer.arr::varchar(3) = 'x'", 0, "type isn't allowed"],
    ["customer.arr::text = 'x'", 0, "a text is needed"],
    ["'{}'::jsonb is null", 0, "type isn't allowed"],
    ["customer.arr is distinct from 1", 16, "distinct"],
  ])("%s", (predicate, offset, words) => {
    const [problem] = problemsOf(predicate);
    expect(problem?.message).toContain(words);
    expect(problem).toMatchObject({ predicate: 0, offset });
  });

  test("every problem is reported at once, in every predicate", () => {
    const problems = problemsOf(
      "customer.arr > 1",
      "customer.ar > 1 and customer.renewal_date > 'x'",
      "lower(1) = custmer.name",
    );
    expect(problems.map(({ predicate, offset }) => [predicate, offset])).toEqual([
      [1, 0],
      [1, 44],
      [2, 6],
      [2, 11],
    ]);
  });

  test("what is too long or too deep is refused before it costs anything", () => {
    expect(problemsOf(`customer.arr > ${" ".repeat(3000)}1`)[0]).toMatchObject({ offset: 2048 });
    expect(problemsOf(`${"(".repeat(40)}true${")".repeat(40)}`)[0]?.message).toContain("32 deep");
    expect(problemsOf(...Array<string>(50).fill("true"))[0]).toMatchObject({ predicate: 20 });
    expect(problemsOf(`customer.arr in (${"1,".repeat(900)}1)`)).toEqual([]);
    expect(problemsOf("not ".repeat(500) + "true")).toEqual([]);
    expect(valueOf(`${"customer.nps>1 or ".repeat(110)}true`)).toBe(true);
  });

  test("a long chain of words neither parses for ever nor overflows", () => {
    expect(valueOf(`0${"+1".repeat(900)} = 900`)).toBe(true);
  });
});

describe("explain", () => {
  test("gives each condition with its text and value", () => {
    const filter = filterOf(
      "customer.arr between 1 and 2 AND  (customer.nps > 3 or customer.nps < 2)",
      "customer.auto_renew",
    );
    expect(filter.explain({ customer: acme, ...noon })).toEqual([
      { text: "customer.arr between 1 and 2", value: false },
      { text: "(customer.nps > 3 or customer.nps < 2)", value: null },
      { text: "customer.auto_renew", value: true },
    ]);
    expect(filter.texts).toEqual(filter.explain({ customer: acme, ...noon }).map(({ text }) => text));
  });

  test("an OR at the top stays one condition", () => {
    expect(filterOf("customer.arr > 1 and customer.seats > 1 or customer.auto_renew").texts).toHaveLength(1);
  });
});

describe("warnings", () => {
  const lower = "customer.renewal_date >= current_date";
  test.each([
    ["customer.renewal_date - current_date <= 30", "however long ago"],
    ["30 >= customer.renewal_date - current_date", "however long ago"],
    ["current_date - customer.created_at::date >= 30", "however long ago"],
    ["customer.renewal_date > now()", "however far ahead"],
    ["not (customer.renewal_date > now())", "however long ago"],
    ["customer.arr > 1 or customer.renewal_date < now()", "however long ago"],
    [`(${lower} or customer.arr > 1) and customer.auto_renew`, "however far ahead"],
    ["customer.nps = null", "never true"],
  ])("%s", (predicate, words) => {
    const warnings = warningsOf(predicate);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toContain(words);
  });

  test.each([
    "customer.renewal_date between current_date and current_date + interval '30 days'",
    "customer.renewal_date - current_date between 0 and 30",
    "customer.renewal_date = current_date + 30",
    `${lower} and customer.renewal_date < now() + interval '30 days'`,
    `(customer.arr > 1 or customer.renewal_date < now()) and ${lower} and customer.renewal_date < date '2030-01-01'`,
    "not (customer.renewal_date < current_date or customer.renewal_date > current_date + 30)",
    "customer.renewal_date > date '2026-01-01'",
    "customer.arr <= 5",
  ])("nothing about %s", (predicate) => {
    expect(warningsOf(predicate)).toEqual([]);
  });

  test("the other bound may stand in another predicate of the list", () => {
    expect(warningsOf(seed, lower)).toEqual([]);
  });
});

describe("laws", () => {
  const field = fc.constantFrom(...Object.keys(customerFields).map((name) => `customer.${name}`));
  const piece = fc.oneof(
    field,
    fc.constantFrom(
      ..."( ) , and or not is null true between in like ilike = <> < >= + - :: date interval '1 day' 'x' now() current_date 5 -1 .5 coalesce( select case E'x' -- ; $1 ~ \" '".split(
        " ",
      ),
    ),
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(" ")),
  );

  test("no text throws; every problem points into its predicate; what compiles evaluates", () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), (predicates) => {
        const compiled = compileFilter({ predicates });
        for (const { predicate, offset, message } of compiled.ok ? compiled.warnings : compiled.problems) {
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset).toBeLessThanOrEqual(predicates[predicate]?.length ?? -1);
          expect(message).not.toBe("");
        }
        const matches = compiled.ok && compiled.filter.matches({ customer: acme, ...noon });
        const values = compiled.ok ? compiled.filter.explain({ customer: acme, ...noon }) : [{ value: false }];
        expect(matches).toBe(values.every(({ value }) => value === true));
      }),
      { numRuns: 1500 },
    );
  });

  const atom = fc.constantFrom("true", "false", "null", "customer.nps > 3", "customer.arr > 3", "customer.arr < 3");
  const condition = fc.letrec<{ any: string }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      atom,
      fc.tuple(tie("any"), fc.constantFrom("and", "or"), tie("any")).map(([a, word, b]) => `(${a} ${word} ${b})`),
      tie("any").map((a) => `not (${a})`),
    ),
  })).any;

  test("de Morgan, double negation and IS hold with NULL", () => {
    fc.assert(
      fc.property(condition, condition, (a, b) => {
        expect(valueOf(`not (${a} and ${b})`)).toBe(valueOf(`(not (${a}) or not (${b}))`));
        expect(valueOf(`not (not (${a}))`)).toBe(valueOf(a));
        expect(valueOf(`(${a}) is null`)).toBe(valueOf(a) === null);
        expect(valueOf(`(${a}) is not true`)).toBe(valueOf(a) !== true);
      }),
    );
  });

  test("a window of n days takes the dates from today to the nth day, whatever the zone and the hour", () => {
    const zones = ["UTC", "America/New_York", "Pacific/Kiritimati", "America/Sao_Paulo", "Australia/Lord_Howe"];
    const start = Date.UTC(2026, 0, 1);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 365 * 24 * 60 }),
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: -70, max: 70 }),
        (minute, timezone, days, distance) => {
          const now = start + minute * 60_000;
          const today = new Intl.DateTimeFormat("en-CA", { timeZone: timezone }).format(now);
          const renewal_date = new Date(Date.parse(today) + distance * 86_400_000).toISOString().slice(0, 10);
          const predicate = `customer.renewal_date between current_date and current_date + interval '${days} days'`;
          const matches = filterOf(predicate).matches({ customer: { ...acme, renewal_date }, now, timezone });
          expect(matches).toBe(distance >= 0 && distance <= days);
        },
      ),
    );
  });
});
