/**
 * Unit prices in US dollars, on demand, us-east-1, without free tiers and taxes. They are what the figures of docs/costs.md rest on,
 * stand there too, and are yours to replace: no price is asked of AWS here.
 */
export const prices = {
  /** Step Functions, Standard: a state transition; one that is tried again is another. */
  transition: 0.025 / 1000,
  lambdaRequest: 0.2 / 1_000_000,
  /** On Arm. */
  lambdaGibSecond: 0.0000133334,
  writeUnit: 0.625 / 1_000_000,
  readUnit: 0.125 / 1_000_000,
  tableGibMonth: 0.25,
  schedulerInvocation: 1 / 1_000_000,
  /** On Arm. */
  fargateCpuHour: 0.03238,
  fargateGibHour: 0.00356,
  natHour: 0.045,
  natGib: 0.045,
  publicAddressHour: 0.005,
  /** One interface endpoint in one zone. */
  endpointHour: 0.01,
  loadBalancerHour: 0.0225,
  logsGib: 0.5,
  secretMonth: 0.4,
  keyMonth: 1,
  /** For each metric that it looks at. */
  alarmMonth: 0.1,
  metricMonth: 0.3,
  dashboardMonth: 3,
} as const;

/** The day on which they were written down, ISO 8601: change it with them. */
export const pricesOf = "2026-11-26";

/** Of AWS, where each service has a page of its prices. */
export const pricePages = [
  "step-functions",
  "lambda",
  "dynamodb",
  "eventbridge",
  "fargate",
  "vpc",
  "elasticloadbalancing",
  "cloudwatch",
  "secrets-manager",
  "kms",
] as const;

/** An average month, as AWS counts it. */
export const hoursInMonth = 730;
