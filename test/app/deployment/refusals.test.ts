/** What AWS and the CDK refuse, as people are told it: no test here has an account. */
import { mkdtemp } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { checkAccess } from "../../../src/app/deployment/access.ts";
import { DeployError } from "../../../src/app/deployment/deploy-error.ts";
import { planDeployment } from "../../../src/app/deployment/deploy-stacks.ts";
import { explainRefusal } from "../../../src/app/deployment/refusal.ts";

let server: Server | null = null;

afterEach(() => {
  server?.close();
  server = null;
  vi.unstubAllEnvs();
});

/** Step Functions that answers everybody alike. */
async function answering(status: number, body: { __type: string; message: string } | object): Promise<void> {
  server = createServer((_, response) => {
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
  });
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const address = listening.address();
  if (address === null || typeof address === "string") throw new Error("The stand-in listens on no port.");
  vi.stubEnv("AWS_ENDPOINT_URL_SFN", `http://127.0.0.1:${address.port}`);
  vi.stubEnv("AWS_REGION", "eu-central-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
}

test("credentials that are good are not complained about", async () => {
  await answering(200, { stateMachines: [] });
  expect(await checkAccess()).toBeNull();
});

test.each([
  [
    "ExpiredTokenException",
    "The security token included in the request is expired",
    /^AWS doesn't take these credentials/,
  ],
  ["UnrecognizedClientException", "The security token is invalid", /^AWS doesn't take these credentials/],
  ["AccessDeniedException", "User: u is not authorized", /^These credentials may not look at state machines \(User: u/],
])("credentials that AWS doesn't take: %s", async (type, message, sentence) => {
  await answering(400, { __type: type, message });
  expect((await checkAccess())?.[0]).toMatch(sentence);
});

test("no region, no credentials", async () => {
  const nowhere = join(tmpdir(), "no-such-file");
  for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
    vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_CONFIG_FILE", nowhere);
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", nowhere);
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  expect((await checkAccess())?.[0]).toMatch(/^AWS has no region\. Set AWS_REGION/);
  vi.stubEnv("AWS_REGION", "eu-central-1");
  expect((await checkAccess())?.[0]).toMatch(/^There are no AWS credentials\./);
});

const said: [string, string, RegExp][] = [
  [
    "an account without CDK",
    "revops-state: SSM parameter /cdk-bootstrap/hnb659fds/version not found. Has the environment been bootstrapped?",
    /^This account and region have never been deployed to by CDK/,
  ],
  [
    "a right that is missing",
    "User: arn:aws:sts::111122223333:assumed-role/dev/dana is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::111122223333:role/x because no policy",
    /^arn:aws:sts::111122223333:assumed-role\/dev\/dana may not do iam:CreateRole on arn:aws:iam::111122223333:role\/x\./,
  ],
  [
    "a limit",
    "CREATE_FAILED LimitExceededException: Maximum number of VPCs",
    /^A limit of the account is reached \(Maximum number of VPCs\)/,
  ],
  [
    "too little left for other functions",
    "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [10].",
    /^The account leaves too few requests at once/,
  ],
  [
    "no Docker",
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock",
    /^The bot's image is built here, which takes Docker/,
  ],
  [
    "wider rights without anybody to ask",
    '"--require-approval" is enabled and stack includes security-sensitive updates, but terminal (TTY) is not attached so we are unable to get a confirmation from the user',
    /^Rights become wider/,
  ],
  [
    "a name that is taken",
    "Resource of type 'AWS::DynamoDB::Table' with identifier 'revops' already exists.",
    /^A resource of that name is there already/,
  ],
  ["a bot that doesn't stay up", "ECS Deployment Circuit Breaker was triggered.", /^The bot starts and ends again/],
  ["what nobody has seen before", "line 1\nline 2", /^The CDK ended with a fault:$/],
];

test.each(said)("what the CDK says is told as what to do: %s", (_, output, sentence) => {
  expect(explainRefusal(`\u001b[31m${output}\u001b[39m`)[0]).toMatch(sentence);
});

test("the deployment's own packages aren't installed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "revops-no-packages-"));
  const refused = planDeployment({ environment: {}, folder, settingsFile: null });
  await expect(refused).rejects.toThrow(DeployError);
  await expect(refused).rejects.toThrow("npm ci --prefix deployment");
});
