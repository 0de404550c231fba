/**
 * The bot as a Fargate service. By Socket Mode it opens its connections itself, so nothing listens to the internet; with `http` a
 * load balancer hands over Slack's requests and signed events, and nothing else.
 *
 * Any number of its processes share one table (D5), so a new one starts before an old one goes, and a broken image is taken back.
 */
import { Duration, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import * as acm from "aws-cdk-lib/aws-certificatemanager";
import type * as dynamodb from "aws-cdk-lib/aws-dynamodb";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import * as ecs from "aws-cdk-lib/aws-ecs";
import * as elb from "aws-cdk-lib/aws-elasticloadbalancingv2";
import * as logs from "aws-cdk-lib/aws-logs";
import type * as secretsmanager from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { plainEnvironment } from "./environment.ts";
import { botImage } from "./bot-image.ts";
import { engineEnvironment } from "./engine-environment.ts";
import { addEndpoints, network } from "./network.ts";
import { answersTo, followsExecutions, invokesAgents, listsExecutions, onTable, starts } from "./rights.ts";
import { type SecretName, variablesFromSecrets } from "./secrets.ts";
import type { Settings } from "./settings.ts";
import { vitalFilters } from "./vitals.ts";

export interface BotStackProps extends StackProps {
  settings: Settings;
  table: dynamodb.Table;
  secrets: ReadonlyMap<SecretName, secretsmanager.Secret>;
  /** The machines of flows, by name; empty with the embedded engine. Those of batches are started by schedules alone. */
  machines: readonly string[];
  /** The folder that the image is built of. */
  context: string;
}

const port = 3000;
/** What the container may write; everything else of it is read-only. */
const writable = ["/app/data", "/tmp"] as const;

export class BotStack extends Stack {
  readonly cluster: ecs.Cluster;
  readonly service: ecs.FargateService;

  constructor(scope: Construct, id: string, props: BotStackProps) {
    super(scope, id, props);
    const { settings } = props;
    const vpc = network(this, settings);
    this.cluster = new ecs.Cluster(this, "Cluster", {
      clusterName: settings.name,
      vpc,
      containerInsightsV2: ecs.ContainerInsights.ENABLED,
    });
    const task = this.#task(props);
    this.#container(task, props);
    const group = new ec2.SecurityGroup(this, "BotGroup", { vpc, description: "The bot: it calls, and is not called" });
    addEndpoints(this, { settings, vpc, from: group });
    this.service = new ecs.FargateService(this, "Bot", {
      serviceName: `${settings.name}-bot`,
      cluster: this.cluster as ecs.ICluster,
      taskDefinition: task,
      desiredCount: settings.bot.count,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { rollback: true },
      enableExecuteCommand: false,
      assignPublicIp: false,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [group],
      propagateTags: ecs.PropagatedTagSource.SERVICE,
    });
    if (settings.http !== null) this.#loadBalancer({ vpc, certificate: settings.http.certificate });
  }

  #task(props: BotStackProps): ecs.FargateTaskDefinition {
    const { settings, table, machines } = props;
    const task = new ecs.FargateTaskDefinition(this, "Task", {
      family: `${settings.name}-bot`,
      cpu: settings.bot.cpu,
      memoryLimitMiB: settings.bot.memory,
      runtimePlatform: {
        cpuArchitecture: ecs.CpuArchitecture.ARM64,
        operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
      },
      volumes: writable.map((path) => ({ name: volumeName(path) })),
    });
    task.addToTaskRolePolicy(onTable(table.tableArn));
    for (const statement of invokesAgents(this, settings)) task.addToTaskRolePolicy(statement);
    if (machines.length > 0) {
      task.addToTaskRolePolicy(starts(this, machines));
      task.addToTaskRolePolicy(answersTo(this, machines));
      task.addToTaskRolePolicy(listsExecutions(this, machines));
      task.addToTaskRolePolicy(followsExecutions(this, machines));
      acknowledge(task.taskRole, {
        rule: "AwsSolutions-IAM5",
        findings: machines.map(
          (machine) => `Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${machine}:*`,
        ),
        reason: "Executions of these machines, named when they start; no other machine's.",
      });
    }
    return task;
  }

  #container(task: ecs.FargateTaskDefinition, props: BotStackProps): void {
    const { settings, secrets } = props;
    const log = new logs.LogGroup(this, "BotLog", {
      logGroupName: `/ecs/${settings.name}-bot`,
      retention: settings.log_days,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    vitalFilters(this, { settings, log });
    const container = task.addContainer("bot", {
      containerName: "bot",
      image: botImage(props),
      user: "1000:1000",
      readonlyRootFilesystem: true,
      linuxParameters: new ecs.LinuxParameters(this, "Linux", { initProcessEnabled: true }),
      // F2: attempts that are under way get their time before the last signal.
      stopTimeout: Duration.seconds(60),
      portMappings: [{ containerPort: port }],
      environment: {
        PORT: String(port),
        ...plainEnvironment(settings, "bot"),
        ...engineEnvironment(this, settings),
      },
      secrets: Object.fromEntries(
        [...variablesFromSecrets(settings, "bot")].flatMap(([variable, { secret, field }]) => {
          const known = secrets.get(secret);
          return known === undefined ? [] : [[variable, ecs.Secret.fromSecretsManager(asInterface(known), field)]];
        }),
      ),
      healthCheck: {
        command: ["CMD", "node", "deployment/bot/healthy.ts"],
        interval: Duration.seconds(15),
        timeout: Duration.seconds(5),
        retries: 4,
        startPeriod: Duration.seconds(60),
      },
      logging: ecs.LogDrivers.awsLogs({ logGroup: log, streamPrefix: "bot", mode: ecs.AwsLogDriverMode.NON_BLOCKING }),
    });
    container.addMountPoints(
      ...writable.map((path) => ({ containerPath: path, sourceVolume: volumeName(path), readOnly: false })),
    );
    acknowledge(task, {
      rule: "AwsSolutions-ECS2",
      reason:
        "These variables are no secrets: names of the table, folders, zone. What is secret comes from Secrets Manager.",
    });
    if (task.executionRole !== undefined && settings.bot.image === null)
      acknowledge(task.executionRole, {
        rule: "AwsSolutions-IAM5",
        findings: ["Resource::*"],
        reason: "ecr:GetAuthorizationToken knows no resources; pulling is on this image's repository alone.",
      });
  }

  #loadBalancer({ vpc, certificate }: { vpc: ec2.IVpc; certificate: string }): void {
    const balancer = new elb.ApplicationLoadBalancer(this, "LoadBalancer", {
      vpc,
      internetFacing: true,
      dropInvalidHeaderFields: true,
      deletionProtection: true,
    });
    const listener = balancer.addListener("Https", {
      port: 443,
      certificates: [acm.Certificate.fromCertificateArn(this, "Certificate", certificate)],
      sslPolicy: elb.SslPolicy.RECOMMENDED_TLS,
      open: true,
      defaultAction: elb.ListenerAction.fixedResponse(404, { contentType: "text/plain", messageBody: "not found" }),
    });
    listener.addTargets("Bot", {
      priority: 1,
      conditions: [elb.ListenerCondition.pathPatterns(["/slack/events", "/events/*"])],
      port,
      protocol: elb.ApplicationProtocol.HTTP,
      targets: [this.service],
      healthCheck: { path: "/readyz", healthyHttpCodes: "200", interval: Duration.seconds(15) },
      deregistrationDelay: Duration.seconds(30),
    });
    acknowledge(balancer, {
      rule: "AwsSolutions-ELB2",
      reason:
        "A log of accesses needs the region when the template is made; the bot itself logs each request it refuses.",
    });
    acknowledge(balancer, {
      rule: "AwsSolutions-EC23",
      reason:
        "Slack publishes no addresses to allow. Every request's signature and age is checked (T1); other paths get 404.",
    });
  }
}

/** As in network.ts. */
const asInterface = (secret: secretsmanager.Secret) => secret as secretsmanager.ISecret;

const volumeName = (path: string): string => path.slice(1).replaceAll("/", "-");
