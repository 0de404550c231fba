/** The App Home: what waits for this person, their customers at risk, their executions, the next schedules; each with its button. */
import type { HomeView, KnownBlock } from "@slack/types";
import type { CustomerAtRisk, FlowSummary, PersonalReport, WaitingApproval } from "../../engine/engine.ts";
import type { Case } from "../../flow/case.ts";
import { isAboutCustomer } from "../../flow/flow.ts";
import type { ExecutionHeader } from "../../flow/record.ts";
import { actionIds, encodeExecution, encodeFlow, encodeListPage, encodeStart } from "../../notify/slack/action-ids.ts";
import { actions, button } from "../../notify/slack/blocks.ts";
import { headline } from "../../notify/slack/customer-line.ts";
import { count, dotted, number } from "../../notify/slack/format.ts";
import type { Channels } from "../../notify/notifier.ts";
import { caseBlocks } from "./case-row.ts";
import { pauseFact } from "./flow-list.ts";
import { instant } from "./instant.ts";
import { context, section } from "./rows.ts";
import { channelName } from "./start.ts";
import { standing } from "./status-list.ts";
import { aboutOf, code, shown } from "./text.ts";
import { waitingRow } from "./waiting-row.ts";

const schedulesShown = 5;

export interface HomeFacts {
  waiting: { items: WaitingApproval[]; total: number };
  personal: PersonalReport;
  /** Of customers that are theirs, the first ones. */
  cases: { items: Case[]; total: number };
  flows: FlowSummary[];
  channels: Channels;
  now: number;
  timezone: string;
}

export function homeView(facts: HomeFacts): HomeView {
  return {
    type: "home",
    blocks: [
      ...apart([
        waitingForMe(facts),
        openCases(facts),
        customersAtRisk(facts),
        myExecutions(facts),
        nextSchedules(facts),
      ]),
      { type: "divider" },
      actions("home", [button({ actionId: actionIds.homeReload, label: "Reload", value: "home" })]),
      context(
        `Cards stand in ${channelName(facts.channels.alerts)}, progress and failures in ${channelName(facts.channels.default)}. ` +
          "`/revops help` lists the words, here or in any channel.",
      ),
    ],
  };
}

function waitingForMe({ waiting, timezone }: HomeFacts): KnownBlock[] {
  const { items, total } = waiting;
  if (total === 0) return part("Waiting for you", [context("Nothing waits for your decision.")]);
  const all = button({
    actionId: actionIds.listOpen,
    label: `Show all ${number(total)}`,
    value: encodeListPage({ batchId: null, offset: 0 }),
  });
  return part(`Waiting for you (${number(total)})`, [
    ...items.map((item) => waitingRow(item, timezone)),
    ...(total > items.length ? [actions("waiting", [all])] : []),
  ]);
}

function openCases({ cases: { items, total }, now, timezone }: HomeFacts): KnownBlock[] {
  if (total === 0) return [];
  const rest = total - items.length;
  return part(`Your open cases (${number(total)})`, [
    ...items.flatMap((record) => caseBlocks(record, { now, timezone })),
    ...(rest === 0 ? [] : [context(`and ${number(rest)} more with less at stake`)]),
  ]);
}

function customersAtRisk({ personal, flows, now, timezone }: HomeFacts): KnownBlock[] {
  const { customersAtRisk: risky } = personal;
  if (risky.length === 0) return [];
  return part(
    "Your customers at risk",
    risky.map((each) => riskRow(each, { flows, now, timezone })),
  );
}

function riskRow(
  { customer, riskScore, header }: CustomerAtRisk,
  { flows, now, timezone }: Pick<HomeFacts, "flows" | "now" | "timezone">,
): KnownBlock {
  const isOpen = header.status === "running";
  const facts = dotted([
    `risk *${riskScore.toFixed(2)}*`,
    `assessed ${instant({ at: header.started_at, timezone })}`,
    standing(header),
  ]);
  const title = headline({ customer, flowId: header.flow_id, flowDescription: null, now, timezone });
  const value = encodeStart({ flowId: header.flow_id, customerId: customer.id });
  const steps = button({
    actionId: actionIds.homeSteps,
    label: "Steps",
    value: encodeExecution({ executionId: header.execution_id }),
  });
  const again = button({ actionId: actionIds.homeRun, label: "Assess again", value });
  const isLoaded = flows.some(({ definition }) => definition.flow_id === header.flow_id);
  return row([title, facts], isOpen || !isLoaded ? steps : again);
}

function myExecutions({ personal, timezone }: HomeFacts): KnownBlock[] {
  const { executions } = personal;
  if (executions.length === 0) return [];
  return part(
    "Your executions",
    executions.map((header) => executionRow(header, timezone)),
  );
}

function executionRow(header: ExecutionHeader, timezone: string): KnownBlock {
  const about = aboutOf(header);
  const title = dotted([about === null ? null : `*${shown(about)}*`, code(header.flow_id)]);
  const facts = dotted([standing(header), `started ${instant({ at: header.started_at, timezone })}`]);
  const value = encodeExecution({ executionId: header.execution_id });
  return row([title, facts], button({ actionId: actionIds.homeSteps, label: "Steps", value }));
}

function nextSchedules({ flows, timezone }: HomeFacts): KnownBlock[] {
  const due = flows
    .flatMap((flow) => (flow.nextFiring === null ? [] : [{ flow, at: flow.nextFiring }]))
    .toSorted((one, other) => one.at - other.at)
    .slice(0, schedulesShown);
  const paused = flows.filter((flow) => flow.paused !== null && hasSchedule(flow)).slice(0, schedulesShown);
  if (due.length === 0 && paused.length === 0) return [];
  return part("Next schedules", [
    ...due.map(({ flow, at }) => scheduleRow(flow, at, timezone)),
    ...paused.map((flow) => pausedRow(flow, timezone)),
  ]);
}

function hasSchedule({ definition }: FlowSummary): boolean {
  return definition.triggers.some(({ type }) => type === "schedule");
}

/** It fires nothing: whoever wonders why reads who said so. */
function pausedRow(flow: FlowSummary, timezone: string): KnownBlock {
  const { flow_id: flowId } = flow.definition;
  const facts = dotted([pauseFact(flow.paused, timezone), "fires nothing until it is resumed", runningFact(flow)]);
  const resume = button({ actionId: actionIds.homeResume, label: "Resume", value: encodeFlow({ flowId }) });
  return row([flowTitle(flow), facts], resume);
}

function flowTitle({ definition: { flow_id: flowId, version, description } }: FlowSummary): string {
  return `*${shown(flowId)}* ${shown(version, 40)}${description === null ? "" : ` · ${shown(description, 160)}`}`;
}

function runningFact({ running }: FlowSummary): string | null {
  return running === 0 ? null : `${count(running, "execution")} running`;
}

function scheduleRow(flow: FlowSummary, at: number, timezone: string): KnownBlock {
  const { definition } = flow;
  const { flow_id: flowId } = definition;
  const title = flowTitle(flow);
  const facts = dotted([`fires ${instant({ at, timezone })}`, runningFact(flow)]);
  if (!isAboutCustomer(definition)) return row([title, facts]);
  const run = {
    ...button({ actionId: actionIds.homeRun, label: "Run now", value: encodeStart({ flowId, customerId: null }) }),
    confirm: {
      title: { type: "plain_text" as const, text: "Run it now?" },
      text: {
        type: "mrkdwn" as const,
        text: `${code(flowId)} starts for every customer that its filter matches; who has an execution of it under way is left alone.`,
      },
      confirm: { type: "plain_text" as const, text: "Run" },
      deny: { type: "plain_text" as const, text: "Not now" },
    },
  };
  return row([title, facts], run);
}

/** A line between those that have something to say. */
function apart(parts: KnownBlock[][]): KnownBlock[] {
  const [first = [], ...others] = parts.filter((blocks) => blocks.length > 0);
  return [...first, ...others.flatMap((blocks): KnownBlock[] => [{ type: "divider" }, ...blocks])];
}

function part(title: string, blocks: KnownBlock[]): KnownBlock[] {
  return [{ type: "header", text: { type: "plain_text", text: title, emoji: false } }, ...blocks];
}

function row(lines: readonly string[], accessory?: ReturnType<typeof button>): KnownBlock {
  const block = section(lines.filter((line) => line !== "").join("\n"));
  return accessory === undefined || block.type !== "section" ? block : { ...block, accessory };
}
