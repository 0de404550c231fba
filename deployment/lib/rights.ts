/** What each role may do, as statements: least privilege, one place to read it. */
import { Stack } from "aws-cdk-lib";
import * as iam from "aws-cdk-lib/aws-iam";
import type { IConstruct } from "constructs";
import { indexes } from "../../src/state/dynamodb/indexes.ts";
import { aliasName, executionsArn, machineArn } from "./names.ts";
import type { Settings } from "./settings.ts";

/** As docs/dynamodb.md lists them; nobody here creates, changes or scans a table. */
export const tableActions = [
  "dynamodb:GetItem",
  "dynamodb:BatchGetItem",
  "dynamodb:Query",
  "dynamodb:PutItem",
  "dynamodb:UpdateItem",
  "dynamodb:DeleteItem",
  "dynamodb:BatchWriteItem",
];

export function onTable(tableArn: string): iam.PolicyStatement {
  const indexArns = Object.values(indexes).map(({ name }) => `${tableArn}/index/${name}`);
  return new iam.PolicyStatement({ actions: tableActions, resources: [tableArn, ...indexArns] });
}

/** Answers to the approvals and doubts of these machines, and nothing else of theirs. */
export function answersTo(scope: IConstruct, machines: readonly string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: ["states:SendTaskSuccess", "states:SendTaskFailure"],
    resources: machines.map((machine) => machineArn(scope, machine)),
  });
}

/** Step Functions authorises by the machine's own ARN, whichever version or alias is asked for; the condition narrows it. */
export function starts(scope: IConstruct, machines: readonly string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: ["states:StartExecution"],
    resources: machines.map((machine) => machineArn(scope, machine)),
    conditions: { StringEquals: { "states:StateMachineQualifier": aliasName } },
  });
}

/** Which of them run, in one request for a thousand. */
export function listsExecutions(scope: IConstruct, machines: readonly string[]): iam.PolicyStatement {
  const resources = machines.map((machine) => machineArn(scope, machine));
  return new iam.PolicyStatement({ actions: ["states:ListExecutions"], resources });
}

export function followsExecutions(scope: IConstruct, machines: readonly string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: [
      "states:DescribeExecution",
      "states:GetExecutionHistory",
      "states:StopExecution",
      "states:RedriveExecution",
    ],
    resources: machines.map((machine) => executionsArn(scope, machine)),
  });
}

/** On the aliases that the settings name, and no other agent. */
export function invokesAgents(scope: IConstruct, { bedrock }: Settings): iam.PolicyStatement[] {
  if (bedrock === null) return [];
  const resources = [bedrock.data_agent, bedrock.decision_agent, bedrock.execution_agent].map((resourceName) =>
    Stack.of(scope).formatArn({ service: "bedrock", resource: "agent-alias", resourceName }),
  );
  return [new iam.PolicyStatement({ actions: ["bedrock:InvokeAgent"], resources: [...new Set(resources)] })];
}
