/** What must outlive every deployment: the table, and the secrets that people fill in. Removing the stack keeps both. */
import { RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import * as dynamodb from "aws-cdk-lib/aws-dynamodb";
import * as secretsmanager from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { indexes, type Index } from "../../src/state/dynamodb/indexes.ts";
import { acknowledge } from "./acknowledge.ts";
import { tableName } from "./names.ts";
import { type SecretName, secretFields, wantedSecrets } from "./secrets.ts";
import type { Settings } from "./settings.ts";

export interface StateStackProps extends StackProps {
  settings: Settings;
}

export class StateStack extends Stack {
  readonly table: dynamodb.Table;
  readonly secrets: ReadonlyMap<SecretName, secretsmanager.Secret>;

  constructor(scope: Construct, id: string, props: StateStackProps) {
    super(scope, id, props);
    this.table = this.#table(props.settings);
    this.secrets = new Map(wantedSecrets(props.settings).map((name) => [name, this.#secret(props.settings, name)]));
  }

  /** Exactly as `npx revops deploy table` makes it (src/state/dynamodb/table.ts); a test compares the two. */
  #table({ name }: Settings): dynamodb.Table {
    const table = new dynamodb.Table(this, "Table", {
      tableName: tableName(name),
      partitionKey: text("pk"),
      sortKey: text("sk"),
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: "ttl",
      encryption: dynamodb.TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const index of Object.values(indexes)) table.addGlobalSecondaryIndex(indexProps(index));
    return table;
  }

  /** Made with a word that starts nothing; whoever deploys puts the real value. */
  #secret({ name }: Settings, which: SecretName): secretsmanager.Secret {
    const fields = Object.keys(secretFields[which]);
    const secret = new secretsmanager.Secret(this, `Secret-${which}`, {
      secretName: `${name}/${which}`,
      description: `RevOps Flows: ${fields.join(", ")}`,
      generateSecretString: {
        secretStringTemplate: JSON.stringify(Object.fromEntries(fields.map((field) => [field, unset]))),
        generateStringKey: "made_at_deployment",
        excludePunctuation: true,
      },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(secret, {
      rule: "AwsSolutions-SMG4",
      reason:
        "Its value is issued by another service (Slack, a mail server, Google, a database): only there can it be changed.",
    });
    return secret;
  }
}

/** No token begins like this, so an app that finds it ends with a sentence that names the variable. */
const unset = "not-set-yet";

const text = (name: string): dynamodb.Attribute => ({ name, type: dynamodb.AttributeType.STRING });

function indexProps({ name, pk, sk, holds }: Index): dynamodb.GlobalSecondaryIndexProps {
  const key = { indexName: name, partitionKey: text(pk), sortKey: text(sk) };
  return holds.length === 0
    ? { ...key, projectionType: dynamodb.ProjectionType.KEYS_ONLY }
    : { ...key, projectionType: dynamodb.ProjectionType.INCLUDE, nonKeyAttributes: [...holds] };
}
