/**
 * One flow: its machine, the machine of its batches, their alias, the schedules that start them. A stack of its own, so that one
 * flow is deployed and rolled back without the others.
 *
 * 1. An execution keeps the revision it started with. Each change publishes a version, the alias moves, and older versions stay.
 * 2. Logs hold states and errors, never data: inputs and outputs are customers'.
 */
import { ArnFormat, RemovalPolicy, Stack, type StackProps, Validations } from "aws-cdk-lib";
import * as iam from "aws-cdk-lib/aws-iam";
import type * as lambda from "aws-cdk-lib/aws-lambda";
import * as logs from "aws-cdk-lib/aws-logs";
import * as scheduler from "aws-cdk-lib/aws-scheduler";
import * as sqs from "aws-cdk-lib/aws-sqs";
import * as sfn from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { placeholders } from "../../src/asl/protocol.ts";
import type { Json, JsonObject } from "../../src/flow/json.ts";
import { acknowledge } from "./acknowledge.ts";
import { type CompiledFlow, type CompiledSchedule, filledIn, placeholdersIn } from "./compiled-flow.ts";
import {
  aliasName,
  batchMachineName,
  executionsArn,
  lostFiringsName,
  machineArn,
  machineName,
  scheduleGroupName,
  scheduleName,
} from "./names.ts";
import { starts } from "./rights.ts";
import type { Settings } from "./settings.ts";

export interface FlowStackProps extends StackProps {
  settings: Settings;
  flow: CompiledFlow;
  actions: lambda.IFunction;
  effects: lambda.IFunction;
}

export class FlowStack extends Stack {
  constructor(scope: Construct, id: string, props: FlowStackProps) {
    super(scope, id, props);
    const { settings, flow } = props;
    const name = machineName(settings.name, flow.flow_id);
    const own = this.#machine("Machine", { ...props, name, definition: flow.machine, startsFlows: flow.sub_flows });
    const batchName = batchMachineName(settings.name, flow.flow_id);
    const batch =
      flow.batch === null
        ? null
        : this.#machine("Batch", { ...props, name: batchName, definition: flow.batch, startsFlows: [flow.flow_id] });
    const aliases = { flow: own, batch };
    if (flow.schedules.length > 0) this.#schedules({ ...props, aliases });
  }

  #machine(kind: "Machine" | "Batch", props: MachineProps): sfn.CfnStateMachineAlias {
    const { settings, flow, name, definition } = props;
    const log = new logs.LogGroup(this, `${kind}Log`, {
      // AWS keeps this prefix out of the account's limit on resource policies.
      logGroupName: `/aws/vendedlogs/states/${name}`,
      retention: settings.log_days,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const role = this.#role(kind, props);
    const machine = new sfn.StateMachine(this, kind, {
      stateMachineName: name,
      comment: `${flow.flow_id} ${flow.version} (${flow.hash})`,
      definitionBody: sfn.DefinitionBody.fromString(this.toJsonString(this.#filledIn(definition, props))),
      stateMachineType: sfn.StateMachineType.STANDARD,
      role,
      logs: { destination: log, level: sfn.LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: true,
    });
    acknowledge(role, {
      rule: "AwsSolutions-IAM5",
      findings: ["Resource::*"],
      reason: "Delivery of logs and traces has no resources of its own: AWS's own policies for them name all.",
    });
    // Text of a flow may hold `${…}`; without substitutions Step Functions leaves it as it is.
    Validations.of(machine).acknowledge({
      id: "CloudFormation-Validate::E1029",
      reason: "Text of a flow, meant as it stands.",
    });
    const cfn = machine.node.defaultChild;
    if (!(cfn instanceof sfn.CfnStateMachine)) throw new Error(`${name} has no machine of CloudFormation's.`);
    const version = new sfn.CfnStateMachineVersion(this, `${kind}Version`, {
      stateMachineArn: machine.stateMachineArn,
      stateMachineRevisionId: cfn.attrStateMachineRevisionId,
      description: `${flow.version} ${flow.hash}`,
    });
    version.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return new sfn.CfnStateMachineAlias(this, `${kind}Alias`, {
      name: aliasName,
      deploymentPreference: { stateMachineVersionArn: version.attrArn, type: "ALL_AT_ONCE" },
    });
  }

  #filledIn(definition: JsonObject, { settings, flow, actions, effects }: FlowStackProps): Json {
    const flows = [...new Set([flow.flow_id, ...flow.sub_flows])].map((flowId): [string, string] => [
      placeholders.stateMachine(flowId),
      `${machineArn(this, machineName(settings.name, flowId))}:${aliasName}`,
    ]);
    return filledIn(
      definition,
      new Map([[placeholders.actions, actions.functionArn], [placeholders.effects, effects.functionArn], ...flows]),
    );
  }

  #role(
    kind: "Machine" | "Batch",
    { settings, name, definition, startsFlows, actions, effects }: MachineProps,
  ): iam.Role {
    // No machine of another account's makes the service use it.
    const conditions = { StringEquals: { "aws:SourceAccount": this.account } };
    const assumedBy = new iam.ServicePrincipal("states.amazonaws.com", { conditions });
    const role = new iam.Role(this, `${kind}Role`, { assumedBy });
    const asked = placeholdersIn(definition);
    const resources = [
      ...(asked.includes(placeholders.actions) ? [actions.functionArn] : []),
      ...(asked.includes(placeholders.effects) ? [effects.functionArn] : []),
    ];
    if (resources.length > 0)
      role.addToPolicy(new iam.PolicyStatement({ actions: ["lambda:InvokeFunction"], resources }));
    const machines = startsFlows.map((flowId) => machineName(settings.name, flowId));
    if (machines.length > 0) this.#mayStart(role, machines);
    // A Distributed Map runs its children as executions of its own machine.
    if (kind === "Batch") {
      role.addToPolicy(
        new iam.PolicyStatement({ actions: ["states:StartExecution"], resources: [machineArn(this, name)] }),
      );
      role.addToPolicy(
        new iam.PolicyStatement({
          actions: ["states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"],
          resources: [executionsArn(this, name), executionsOfMaps(this, name)],
        }),
      );
      acknowledge(role, {
        rule: "AwsSolutions-IAM5",
        findings: wildcards(name).concat(
          `Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${name}/*:*`,
        ),
        reason: "Executions of its own map have names that are made when they start.",
      });
    }
    return role;
  }

  #mayStart(role: iam.Role, machines: readonly string[]): void {
    role.addToPolicy(starts(this, machines));
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ["states:DescribeExecution", "states:StopExecution"],
        resources: machines.map((machine) => executionsArn(this, machine)),
      }),
    );
    // How Step Functions hears of a nested execution's end; AWS owns the rule and its name.
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
        resources: [
          this.formatArn({
            service: "events",
            resource: "rule",
            resourceName: "StepFunctionsGetEventsForStepFunctionsExecutionRule",
          }),
        ],
      }),
    );
    acknowledge(role, {
      rule: "AwsSolutions-IAM5",
      findings: machines.flatMap(wildcards),
      reason: "Executions of one machine, named when they start; no other machine's.",
    });
  }

  #schedules(props: FlowStackProps & { aliases: Aliases }): void {
    const { settings, flow } = props;
    const lost = new sqs.Queue(this, "LostFirings", {
      queueName: lostFiringsName(settings.name, flow.flow_id),
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    acknowledge(lost, {
      rule: "AwsSolutions-SQS3",
      reason: "This is the queue of dead letters: what the scheduler could not start, kept for a person.",
    });
    const group = new scheduler.CfnScheduleGroup(this, "Schedules", {
      name: scheduleGroupName(settings.name, flow.flow_id),
    });
    const role = new iam.Role(this, "ScheduleRole", {
      assumedBy: new iam.ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": this.account, "aws:SourceArn": group.attrArn } },
      }),
    });
    role.addToPolicy(
      starts(
        this,
        [...new Set(flow.schedules.map(({ starts: what }) => what))].map((what) =>
          what === "flow" ? machineName(settings.name, flow.flow_id) : batchMachineName(settings.name, flow.flow_id),
        ),
      ),
    );
    role.addToPolicy(new iam.PolicyStatement({ actions: ["sqs:SendMessage"], resources: [lost.queueArn] }));
    for (const [index, schedule] of flow.schedules.entries())
      this.#schedule({ ...props, schedule, number: index + 1, group: group.ref, role, lost });
  }

  #schedule({ settings, flow, schedule, number, aliases, group, role, lost }: ScheduleProps): void {
    const alias = aliases[schedule.starts];
    if (alias === null) throw new Error(`${flow.flow_id}: a schedule starts a batch, and the flow has none.`);
    const { window_minutes } = schedule;
    new scheduler.CfnSchedule(this, `Schedule${number}`, {
      name: scheduleName({ name: settings.name, flowId: flow.flow_id, number }),
      groupName: group,
      description: `${flow.flow_id} ${flow.version}`,
      scheduleExpression: schedule.expression,
      scheduleExpressionTimezone: schedule.timezone,
      flexibleTimeWindow:
        window_minutes === null ? { mode: "OFF" } : { mode: "FLEXIBLE", maximumWindowInMinutes: window_minutes },
      target: {
        arn: alias.ref,
        roleArn: role.roleArn,
        input: this.toJsonString(schedule.input),
        retryPolicy: { maximumEventAgeInSeconds: aDay, maximumRetryAttempts: mostRetries },
        deadLetterConfig: { arn: lost.queueArn },
      },
    });
  }
}

interface MachineProps extends FlowStackProps {
  name: string;
  definition: JsonObject;
  startsFlows: readonly string[];
}

interface Aliases {
  flow: sfn.CfnStateMachineAlias;
  batch: sfn.CfnStateMachineAlias | null;
}

interface ScheduleProps extends FlowStackProps {
  schedule: CompiledSchedule;
  number: number;
  aliases: Aliases;
  /** Its name. */
  group: string;
  role: iam.Role;
  lost: sqs.Queue;
}

/** Seconds: a firing that can't be started is tried again for so long, and as often as the scheduler allows. */
const aDay = 86_400;
const mostRetries = 185;

/** As cdk-nag names what it finds. */
function wildcards(machine: string): string[] {
  return [`Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${machine}:*`];
}

function executionsOfMaps(stack: Stack, machine: string): string {
  return stack.formatArn({
    service: "states",
    resource: "execution",
    resourceName: `${machine}/*:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
