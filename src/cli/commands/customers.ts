/** `customers`: who matches a filter at an instant, and why. */
import type { CustomerDirectory } from "../../agents/agent.ts";
import type { CustomerSource } from "../../agents/crm/customer-source.ts";
import type { CommonSettings } from "../../app/settings.ts";
import type { Customer } from "../../flow/customer.ts";
import type { Filter, FilterProblem } from "../../flow/filter.ts";
import { nearest } from "../../flow/nearest.ts";
import { isZone } from "../../flow/zone.ts";
import type { Answer, Call, Command } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import { knownFlow } from "../known-names.ts";
import { readInstant } from "../moment.ts";
import { customersAnswer, type AskedFilter, type ExplainedCustomer } from "../views/customers.ts";
import { optionalSubject } from "../words.ts";

export const customers: Command = {
  word: "customers",
  usage: ["customers [CUSTOMER] [--filter PREDICATE | --flow FLOW] [--now T] [--zone Z]"],
  purpose: "who matches a filter, and why; of one customer, each condition",
  options: {
    filter: { type: "text", value: "PREDICATE", about: "a PostgreSQL predicate over customer.*" },
    flow: { type: "text", value: "FLOW", about: "the filter of this flow's first trigger that has one" },
    now: { type: "text", value: "T", about: "what now() and current_date mean, ISO 8601 (now)" },
    zone: { type: "text", value: "Z", about: "the zone of its days (the trigger's, else REVOPS_TIMEZONE)" },
  },
  notes: ["A condition is true, false, or unknown where a field it reads is empty; who matches has all true."],
  examples: [
    { line: `customers --filter "customer.arr > 50000 and customer.region = 'EMEA'"`, about: "who matches today" },
    { line: "customers --flow renewal_management --now 2026-12-24", about: "whom a flow would start for on that day" },
    { line: 'customers "Acme Robotics" --flow renewal_management', about: "why a customer matches, or doesn't" },
  ],
  run,
};

async function run(call: Call): Promise<Answer> {
  const [{ terminalSettings }, { openCustomerSource }, { terminalClock }] = await Promise.all([
    import("../settings.ts"),
    import("../../app/customer-source.ts"),
    import("../now.ts"),
  ]);
  const settings = terminalSettings(call.terminal.environment);
  const clock = await terminalClock(settings);
  const asked = await askedOf(call, { settings, now: clock.now() });
  const { crm, dataFolder, timezone, configurationFile } = settings;
  const opened = await openCustomerSource({ crm, dataFolder, timezone, configurationFile, now: clock.now() });
  const subject = optionalSubject(call);
  const found = subject === null ? await allOf(opened.source) : await namedOf(opened.source, subject);
  const explained = found.map((customer) => explain(asked, customer));
  const pushedDown = await pushedDownOf(opened.source, asked);
  return { ...customersAnswer({ asked, explained, pushedDown, isNamed: subject !== null }), problems: opened.lines };
}

async function askedOf(
  { options, terminal }: Call,
  { settings, now }: { settings: CommonSettings; now: number },
): Promise<AskedFilter> {
  const [predicate, flowId] = [options.text("filter"), options.text("flow")];
  if (predicate !== null && flowId !== null) throw new UsageError("--filter and --flow are two filters: give one.");
  const flow = flowId === null ? null : await flowFilter(settings, flowId);
  const timezone = options.text("zone") ?? flow?.timezone ?? settings.timezone;
  if (!isZone(timezone)) throw new UsageError(`--zone must be an IANA zone such as Europe/Berlin, not "${timezone}".`);
  const text = options.text("now");
  const at = text === null ? now : readInstant(text, timezone);
  if (at === null) throw new UsageError(`--now must be an instant or a day such as 2026-12-04T09:00, not "${text}".`);
  const predicates = flow?.predicates ?? (predicate === null ? null : [predicate]);
  const filter = predicates === null ? null : await compiled(predicates, terminal);
  return { filter, now: at, timezone };
}

async function flowFilter(settings: CommonSettings, flowId: string) {
  const { knownFlows } = await import("../known-flows.ts");
  const flow = knownFlow(await knownFlows(settings), flowId);
  for (const trigger of flow.triggers) {
    if (trigger.type === "manual" || trigger.filter === null) continue;
    return { predicates: trigger.filter, timezone: trigger.type === "schedule" ? trigger.timezone : null };
  }
  throw new CommandError([`${flowId} has no filter.`]);
}

async function compiled(predicates: string[], terminal: Call["terminal"]): Promise<Filter> {
  // The SQL parser, which no other command needs at once.
  const { compileFilter } = await import("../../flow/filter.ts");
  const read = compileFilter({ predicates });
  if (!read.ok) throw new CommandError(read.problems.map((problem) => located(predicates, problem)));
  for (const warning of read.warnings) terminal.err(`${located(predicates, warning, "warning: ")}\n`);
  return read.filter;
}

/** The option is the file; a flow's own filter was checked when it was loaded. */
function located(predicates: readonly string[], { predicate, offset, message }: FilterProblem, word = ""): string {
  const before = (predicates[predicate] ?? "").slice(0, offset).split("\n");
  return `--filter:${before.length}:${(before.at(-1) ?? "").length + 1}: ${word}${message}`;
}

/** Which conditions the source narrows by when a flow asks; here all customers are read, so that each can be explained. */
async function pushedDownOf(source: CustomerSource, { filter, now, timezone }: AskedFilter): Promise<boolean[]> {
  if (filter === null) return [];
  return (await source.pushedDown?.({ filter, now, timezone })) ?? filter.texts.map(() => false);
}

async function allOf(source: CustomerDirectory): Promise<Customer[]> {
  const found: Customer[] = [];
  for await (const page of source.all()) found.push(...page);
  return found;
}

async function namedOf(source: CustomerDirectory, text: string): Promise<Customer[]> {
  const found = await source.find({ text });
  if (found.length > 0) return found;
  const names = (await allOf(source)).flatMap(({ id, name }) => [name, id]);
  throw new CommandError([`No customer has the id or name “${text}”.`], nearest(text, names));
}

function explain({ filter, now, timezone }: AskedFilter, customer: Customer): ExplainedCustomer {
  const conditions = filter?.explain({ customer, now, timezone }) ?? [];
  return { customer, conditions, isMatch: conditions.every(({ value }) => value === true) };
}
