/**
 * deployment.yml: what may differ from one account to the next. Everything has a default, and nothing here is a secret: what is
 * one lies in Secrets Manager and is only named (T3).
 */
import { readFile } from "node:fs/promises";
import { parseDocument } from "yaml";
import { z } from "zod";
import { DeployError } from "../../src/app/deployment/deploy-error.ts";

const days = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653] as const;
const alias = z.string().regex(/^[0-9A-Za-z]{1,10}\/[0-9A-Za-z]{1,10}$/, "must be agentId/aliasId");
const certificate = z
  .string()
  .regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/\S+$/, "must be a certificate's ARN");
const subnet = z.string().regex(/^subnet-[0-9a-f]+$/, "must be a subnet's id");

const NewNetwork = z.strictObject({
  kind: z.literal("new"),
  /** Interface endpoints for AWS's own services, in each of the two zones: nothing but Slack, mail and Google leaves the VPC. */
  endpoints: z.boolean().default(false),
});
/** The subnets need a way out to Slack, such as a NAT gateway. */
const GivenNetwork = z.strictObject({
  kind: z.literal("given"),
  vpc: z.string().regex(/^vpc-[0-9a-f]+$/, "must be a VPC's id"),
  availability_zones: z.array(z.string().min(1)).min(1),
  private_subnets: z.array(subnet).min(1),
  /** For the load balancer. */
  public_subnets: z.array(subnet).default([]),
});

export const Settings = z
  .strictObject({
    /** Begins the name of whatever is made; two deployments in one account and region differ in it. */
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,14}$/, "must be at most 15 small letters, digits and hyphens, a letter first")
      .default("revops"),
    engine: z.enum(["stepfunctions", "embedded"]).default("stepfunctions"),
    timezone: z.string().min(1).default("UTC"),
    admin_email: z.email().nullable().default(null),
    /** `postgres` takes its address from the secret NAME/crm. */
    crm: z.enum(["postgres", "sample"]).default("postgres"),
    /** Null: no mail server, so that people get direct messages instead. */
    mail_from: z.string().min(1).nullable().default(null),
    calendar: z
      .strictObject({ id: z.string().min(1), impersonate: z.string().min(1).nullable().default(null) })
      .nullable()
      .default(null),
    /** Null: the local agents. */
    bedrock: z
      .strictObject({ data_agent: alias, decision_agent: alias, execution_agent: alias })
      .nullable()
      .default(null),
    slack: z.enum(["socket", "http"]).default("socket"),
    /** A load balancer, for Slack over HTTP and for events from outside. */
    http: z.strictObject({ certificate }).nullable().default(null),
    bot: z
      .strictObject({
        /** How many processes; more than one, so that a dead machine is not noticed. */
        count: z.number().int().min(1).max(10).default(1),
        cpu: z.union([z.literal(256), z.literal(512), z.literal(1024), z.literal(2048)]).default(512),
        /** MiB. */
        memory: z.number().int().min(512).max(16_384).default(1024),
        /** Built and pushed elsewhere, with its digest; null: built from the folder at deployment, which takes Docker. */
        image: z
          .string()
          .regex(/^\S+@sha256:[0-9a-f]{64}$/, "must end with @sha256: and the digest")
          .nullable()
          .default(null),
      })
      .prefault({}),
    network: z.discriminatedUnion("kind", [NewNetwork, GivenNetwork]).prefault({ kind: "new" }),
    functions: z
      .strictObject({
        /** MiB. */
        memory: z.number().int().min(256).max(3008).default(512),
        /** How many of each run at once at most, taken from the account's own; null: as many as the account has. */
        actions_at_once: z.number().int().min(1).nullable().default(null),
        effects_at_once: z.number().int().min(1).nullable().default(null),
      })
      .prefault({}),
    alarms: z
      .strictObject({
        email: z.email().nullable().default(null),
        /** How long an approval may wait before somebody else than its approvers hears of it. */
        approval_hours: z.number().int().min(1).max(720).default(48),
      })
      .prefault({}),
    log_days: z.literal(days).default(30),
  })
  .superRefine((settings, context) => {
    const { slack, http, network, engine, crm } = settings;
    if (crm === "sample" && engine === "stepfunctions")
      context.addIssue({
        code: "custom",
        path: ["crm"],
        message:
          "sample lies in the bot's own folder, where the functions don't reach: take postgres, or engine: embedded",
      });
    if (slack === "http" && http === null)
      context.addIssue({ code: "custom", path: ["http"], message: "slack: http needs http: { certificate: ARN }" });
    if (http !== null && network.kind === "given" && network.public_subnets.length < 2)
      context.addIssue({
        code: "custom",
        path: ["network", "public_subnets"],
        message: "the load balancer of http needs two of them",
      });
  });
export type Settings = z.infer<typeof Settings>;

/** A missing file means the defaults, unless `isNamed`. Rejects with a `DeployError`. */
export async function readSettingsFile({ file, isNamed }: { file: string; isNamed: boolean }): Promise<Settings> {
  return parseSettings({ file, text: await textOf({ file, isNamed }) });
}

export function parseSettings({ file, text }: { file: string; text: string }): Settings {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) throw new DeployError(document.errors.map(({ message }) => `${file}: ${message}`));
  const read = Settings.safeParse(document.toJS() ?? {});
  if (read.success) return read.data;
  throw new DeployError(read.error.issues.map((issue) => `${file}: ${at(issue.path)}${issue.message}.`));
}

function at(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "" : `${path.map(String).join(".")}: `;
}

async function textOf({ file, isNamed }: { file: string; isNamed: boolean }): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isMissing && !isNamed) return "";
    throw new DeployError([`${file} can't be read. Write it, or leave --settings out for the defaults.`]);
  }
}
