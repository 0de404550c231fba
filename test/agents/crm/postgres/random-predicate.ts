/** Random predicates in the filter language, typed by construction: what PostgreSQL takes, and what we should give. */
export type Random = () => number;

/** Mulberry32: the same predicates for the same seed, everywhere. */
export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function oneOf<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("nothing to choose from");
  return item;
}

/** Clock changes, month ends, leap days, a day that Samoa skipped. */
export const days = [
  "2026-03-08",
  "2026-03-29",
  "2026-10-25",
  "2026-11-01",
  "2026-04-05",
  "2026-10-04",
  "2026-01-31",
  "2026-02-28",
  "2024-02-29",
  "2023-12-31",
  "2026-12-31",
  "2027-01-01",
  "2018-11-04",
  "2011-12-29",
  "2011-12-30",
  "2011-12-31",
  "2026-05-31",
  "2026-06-30",
  "2026-08-31",
];

export const texts = [
  "mid",
  "Acme",
  "acme",
  "éclair",
  "ÉCLAIR",
  "Straße",
  "STRASSE",
  "a_b",
  "a%b",
  "z",
  "Zürich",
  "İzmir",
  "ǅ",
  "Σας",
  "😀",
  "50",
];
const numbers = ["0", "1", "7", "0.1", "0.2", "0.3", "12", "-5", "99.99", "100000", "2.50"];
const intervals = [
  "1 day",
  "30 days",
  "1 month",
  "1 month -1 day",
  "-1 month",
  "1 year",
  "2 weeks",
  "36:00",
  "1 day 02:30",
  "90 minutes",
  "1 hour ago",
  "13 months",
  "1 mon 1 day 1:00",
];
const times = ["02:30", "00:00", "23:59:59", "01:30", "12:00"];

type Type = "bool" | "date" | "timestamp" | "instant" | "interval" | "number" | "integer" | "text";

const fields: Readonly<Partial<Record<Type, readonly string[]>>> = {
  bool: ["auto_renew"],
  date: ["contract_start", "renewal_date", "notice_date"],
  instant: ["created_at"],
  number: ["arr", "seats", "nps", "term_months"],
  text: ["name", "segment", "region", "status", "currency"],
};

export function predicate(random: Random): string {
  return of("bool", { random, depth: 3 });
}

interface Making {
  random: Random;
  depth: number;
}

function of(type: Type, { random, depth }: Making): string {
  const isLeaf = depth <= 0 || random() < 0.3;
  return (isLeaf ? leaf : node)(type, { random, depth: depth - 1 });
}

function leaf(type: Type, making: Making): string {
  const { random } = making;
  const day = quoted(oneOf(random, days));
  const moment = `'${oneOf(random, days)} ${oneOf(random, times)}'`;
  switch (type) {
    case "bool":
      return oneOf(random, [
        field(random, "bool"),
        `(${field(random, "date")} ${order(random)} ${day})`,
        `(${field(random, "instant")} ${order(random)} ${oneOf(random, [day, moment])})`,
        `(${field(random, "text")} = ${quoted(oneOf(random, texts))})`,
        `(${field(random, "number")} ${order(random)} ${oneOf(random, numbers)})`,
        `(${field(random, oneOf(random, ["date", "instant", "text", "number"] as const))} is ${oneOf(random, ["", "not "])}null)`,
      ]);
    case "date":
      return oneOf(random, [field(random, "date"), field(random, "date"), `date ${day}`, "current_date"]);
    case "timestamp":
      return `timestamp ${moment}`;
    case "instant":
      return oneOf(random, [field(random, "instant"), "now()", "current_timestamp", `timestamptz ${moment}`]);
    case "interval":
      return `interval ${quoted(oneOf(random, intervals))}`;
    case "number":
      return oneOf(random, [field(random, "number"), oneOf(random, numbers)]);
    case "integer":
      return String(Math.floor(random() * 400) - 40);
    case "text":
      return oneOf(random, [field(random, "text"), field(random, "text"), quoted(oneOf(random, texts))]);
  }
}

function node(type: Type, making: Making): string {
  const { random } = making;
  const some = (wanted: Type) => of(wanted, making);
  const sign = oneOf(random, ["+", "-"]);
  switch (type) {
    case "bool":
      return condition(making);
    case "date":
      return oneOf(random, [
        () => `(${some("date")} ${sign} (${some("integer")}))`,
        () => `coalesce(${some("date")}, ${some("date")})`,
        () => `(${some("instant")})::date`,
        () => `(${some("timestamp")})::date`,
      ])();
    case "timestamp":
      return oneOf(random, [
        () => `(${some("date")} ${sign} ${some("interval")})`,
        () => `(${some("timestamp")} ${sign} ${some("interval")})`,
        () => `(${some("date")})::timestamp`,
        () => `(${some("instant")})::timestamp`,
      ])();
    case "instant":
      return oneOf(random, [
        () => `(${some("instant")} ${sign} ${some("interval")})`,
        () => `(${some("date")})::timestamptz`,
        () => `(${some("timestamp")})::timestamptz`,
        () => `coalesce(${some("instant")}, ${some("instant")})`,
      ])();
    case "interval":
      return oneOf(random, [
        () => `(${some("interval")} ${sign} ${some("interval")})`,
        () => `(${some("instant")} - ${some("instant")})`,
        () => `(${some("timestamp")} - ${some("timestamp")})`,
        () => `(- ${some("interval")})`,
      ])();
    case "number":
      return oneOf(random, [
        () => `(${some("number")} ${sign} ${some("number")})`,
        () => `coalesce(${some("number")}, ${some("number")})`,
        () => `(- ${some("number")})`,
        () => `(${some("date")} - ${some("date")})`,
      ])();
    case "integer":
      return `(${some("date")} - ${some("date")})`;
    case "text":
      return oneOf(random, [
        () => `lower(${some("text")})`,
        () => `upper(${some("text")})`,
        () => `coalesce(${some("text")}, ${some("text")})`,
      ])();
  }
}

const comparable = ["date", "timestamp", "instant", "interval", "number", "text"] as const;
const patterns = ["%", "a%", "%e", "_c%", "%\\_%", "É%", "%ss%", "%ß%", "%%a_b", "acme"];

function condition(making: Making): string {
  const { random } = making;
  const some = (wanted: Type) => of(wanted, making);
  const type = oneOf(random, comparable);
  const isNot = oneOf(random, ["", "not "]);
  const moments = ["date", "timestamp", "instant"] as const;
  return oneOf(random, [
    () => `(${some(type)} ${order(random)} ${some(type)})`,
    () => `(${some(oneOf(random, moments))} ${order(random)} ${some(oneOf(random, moments))})`,
    () => `(${some(type)} ${isNot}between ${some(type)} and ${some(type)})`,
    () => `(${some(type)} ${isNot}in (${some(type)}, ${some(type)}))`,
    () => `(${some("text")} ${isNot}${oneOf(random, ["like", "ilike"])} ${quoted(oneOf(random, patterns))})`,
    () => `(${some("bool")} and ${some("bool")})`,
    () => `(${some("bool")} or ${some("bool")})`,
    () => `(not ${some("bool")})`,
    () => `(${some("bool")} is ${isNot}${oneOf(random, ["true", "false", "null"])})`,
    () => `coalesce(${some("bool")}, ${some("bool")})`,
    () => `(${some(type)} is ${isNot}null)`,
  ])();
}

function order(random: Random): string {
  return oneOf(random, ["=", "!=", "<>", "<", "<=", ">", ">="]);
}

function field(random: Random, type: Type): string {
  return `customer.${oneOf(random, fields[type] ?? [])}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
