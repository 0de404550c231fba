/**
 * Where the bot stands: private subnets, no address of its own. Slack, mail and Google are on the internet, so there is one NAT
 * gateway; what goes to DynamoDB and S3 takes the gateway endpoints, which cost nothing.
 */
import * as ec2 from "aws-cdk-lib/aws-ec2";
import * as logs from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { Settings } from "./settings.ts";

export function network(scope: Construct, settings: Settings): ec2.IVpc {
  const { network: asked } = settings;
  if (asked.kind === "given")
    return ec2.Vpc.fromVpcAttributes(scope, "Vpc", {
      vpcId: asked.vpc,
      availabilityZones: asked.availability_zones,
      privateSubnetIds: asked.private_subnets,
      ...(asked.public_subnets.length === 0 ? {} : { publicSubnetIds: asked.public_subnets }),
    });
  const vpc = new ec2.Vpc(scope, "Vpc", {
    maxAzs: 2,
    natGateways: 1,
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [
      { name: "public", subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
      { name: "private", subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 24 },
    ],
    gatewayEndpoints: {
      DynamoDb: { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB },
      S3: { service: ec2.GatewayVpcEndpointAwsService.S3 },
    },
  });
  vpc.addFlowLog("FlowLog", {
    destination: ec2.FlowLogDestination.toCloudWatchLogs(
      new logs.LogGroup(scope, "FlowLogGroup", { retention: settings.log_days }),
    ),
    trafficType: ec2.FlowLogTrafficType.REJECT,
  });
  return asInterface(vpc);
}

/** The construct library's own classes miss its interfaces by the optional properties alone (exactOptionalPropertyTypes). */
const asInterface = (vpc: ec2.Vpc) => vpc as ec2.IVpc;

/** `from`: whoever calls AWS's services; nobody else reaches the endpoints. */
export function addEndpoints(
  scope: Construct,
  parameters: { settings: Settings; vpc: ec2.IVpc; from: ec2.SecurityGroup },
): void {
  const { settings, vpc, from } = parameters;
  if (settings.network.kind !== "new" || !settings.network.endpoints) return;
  const group = new ec2.SecurityGroup(scope, "EndpointGroup", {
    vpc,
    description: "Services of AWS, for the bot alone",
    allowAllOutbound: false,
  });
  group.addIngressRule(from, ec2.Port.HTTPS, "the bot");
  for (const [id, service] of interfaceEndpoints(settings))
    new ec2.InterfaceVpcEndpoint(scope, `Endpoint${id}`, { vpc, service, securityGroups: [group], open: false });
}

type Endpoint = [id: string, service: ec2.InterfaceVpcEndpointAwsService];

function interfaceEndpoints({ engine, bedrock }: Settings): Endpoint[] {
  const { ECR, ECR_DOCKER, CLOUDWATCH_LOGS, SECRETS_MANAGER, STEP_FUNCTIONS, BEDROCK_AGENT_RUNTIME } =
    ec2.InterfaceVpcEndpointAwsService;
  return [
    ["Ecr", ECR],
    ["EcrDocker", ECR_DOCKER],
    ["Logs", CLOUDWATCH_LOGS],
    ["SecretsManager", SECRETS_MANAGER],
    ...(engine === "stepfunctions" ? [endpoint("StepFunctions", STEP_FUNCTIONS)] : []),
    ...(bedrock === null ? [] : [endpoint("Bedrock", BEDROCK_AGENT_RUNTIME)]),
  ];
}

const endpoint = (id: string, service: ec2.InterfaceVpcEndpointAwsService): Endpoint => [id, service];
