/**
 * The two functions that the machines call, from the same `src/` as the bot. They run once for each request, never again by
 * themselves: what is tried again is the machine's to say, so there is no queue of dead letters either.
 */
import { Duration, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import type * as dynamodb from "aws-cdk-lib/aws-dynamodb";
import * as iam from "aws-cdk-lib/aws-iam";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as logs from "aws-cdk-lib/aws-logs";
import type * as secretsmanager from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import type { Bundles } from "../../scripts/lambda/bundle.ts";
import { acknowledge } from "./acknowledge.ts";
import { plainEnvironment } from "./environment.ts";
import { functionName } from "./names.ts";
import { answersTo, invokesAgents, onTable } from "./rights.ts";
import { type SecretName, secretsOf, variablesFromSecrets } from "./secrets.ts";
import type { Settings } from "./settings.ts";

export interface FunctionsStackProps extends StackProps {
  settings: Settings;
  bundles: Bundles;
  table: dynamodb.Table;
  secrets: ReadonlyMap<SecretName, secretsmanager.Secret>;
  /** All machines of this deployment, by name. */
  machines: readonly string[];
}

type Which = "actions" | "effects";

/**
 * Longer than the slowest thing that a request waits for, so that it ends with a named failure and not by being cut off: an agent
 * may take two minutes and be asked again; a message twelve seconds, a mail twenty-five.
 */
const longest: Record<Which, Duration> = { actions: Duration.minutes(10), effects: Duration.minutes(2) };

export class FunctionsStack extends Stack {
  readonly actions: lambda.Function;
  readonly effects: lambda.Function;

  constructor(scope: Construct, id: string, props: FunctionsStackProps) {
    super(scope, id, props);
    this.actions = this.#function("actions", props);
    this.effects = this.#function("effects", props);
  }

  #function(which: Which, props: FunctionsStackProps): lambda.Function {
    const { settings, bundles } = props;
    const atOnce = which === "actions" ? settings.functions.actions_at_once : settings.functions.effects_at_once;
    const logGroup = new logs.LogGroup(this, `${which}-log`, {
      logGroupName: `/aws/lambda/${functionName(settings.name, which)}`,
      retention: settings.log_days,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const role = this.#role(which, { ...props, logGroup });
    return new lambda.Function(this, which, {
      functionName: functionName(settings.name, which),
      description: `RevOps Flows: ${about[which]}`,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      code: lambda.Code.fromAsset(bundles[which]),
      handler: "index.handler",
      memorySize: settings.functions.memory,
      timeout: longest[which],
      role,
      logGroup,
      tracing: lambda.Tracing.ACTIVE,
      environment: {
        ...plainEnvironment(settings, which),
        SECRET_VARIABLES: this.#secretVariables(which, props),
        NODE_OPTIONS: "--enable-source-maps",
      },
      ...(atOnce === null ? {} : { reservedConcurrentExecutions: atOnce }),
    });
  }

  /** Where each secret variable is to be read from at the first request: the ARN and the field, never the value (T3). */
  #secretVariables(which: Which, { settings, secrets }: FunctionsStackProps): string {
    const places = [...variablesFromSecrets(settings, which)].map(([variable, { secret, field }]) => [
      variable,
      { arn: secrets.get(secret)?.secretArn ?? "", field },
    ]);
    return this.toJsonString(Object.fromEntries(places));
  }

  #role(which: Which, props: FunctionsStackProps & { logGroup: logs.ILogGroup }): iam.Role {
    const { settings, table, secrets, machines, logGroup } = props;
    const role = new iam.Role(this, `${which}-role`, { assumedBy: new iam.ServicePrincipal("lambda.amazonaws.com") });
    role.addToPolicy(onTable(table.tableArn));
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [logGroup.logGroupArn],
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ["secretsmanager:GetSecretValue"],
        resources: secretsOf(settings, which).flatMap((name) => secrets.get(name)?.secretArn ?? []),
      }),
    );
    for (const statement of invokesAgents(this, settings)) role.addToPolicy(statement);
    // Only an effect asks for a decision, so only there is one sent that was made before the machine waited for it.
    if (which === "effects" && machines.length > 0) role.addToPolicy(answersTo(this, machines));
    acknowledge(role, {
      rule: "AwsSolutions-IAM5",
      findings: ["Resource::*"],
      reason: "X-Ray takes traces for no resource in particular: AWS defines none for PutTraceSegments.",
    });
    return role;
  }
}

const about: Record<Which, string> = {
  actions: "the data and the decision agent's actions, and reading",
  effects: "approvals, and whatever people notice",
};
