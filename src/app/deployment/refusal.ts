/** What the CDK's terminal and CloudFormation say when they refuse, as sentences that say what to do. */
import { stripVTControlCharacters } from "node:util";

interface Known {
  said: RegExp;
  sentence: (match: RegExpMatchArray) => string;
}

const known: readonly Known[] = [
  {
    said: /has not been bootstrapped|bootstrap stack version|\/cdk-bootstrap\//,
    sentence: () =>
      "This account and region have never been deployed to by CDK. Once for each: npx --prefix deployment cdk bootstrap.",
  },
  {
    said: /User: (\S+) is not authorized to perform: (\S+)(?: on resource: (\S+))?/,
    sentence: ([, who = "this user", action = "", resource]) =>
      `${who} may not do ${action}${resource === undefined ? "" : ` on ${resource}`}. docs/deployment.md lists the rights that a deployment needs.`,
  },
  {
    said: /(?:LimitExceeded|ServiceQuotaExceeded|TooManyRequests)\w*[:)]?\s*([^\n]*)/,
    sentence: ([, what = ""]) =>
      `A limit of the account is reached (${what.trim().slice(0, 200)}). Ask for more under Service Quotas, then deploy again: what is done stays.`,
  },
  {
    said: /ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value/,
    sentence: () =>
      "The account leaves too few requests at once for its other functions. Lower functions.actions_at_once and effects_at_once in deployment.yml, or leave them out.",
  },
  {
    said: /Cannot connect to the Docker daemon|docker: command not found|spawn docker ENOENT|Unable to execute 'docker'/,
    sentence: () =>
      "The bot's image is built here, which takes Docker. Start it, or build the image elsewhere and name it in deployment.yml: bot: { image: NAME@sha256:… }.",
  },
  {
    said: /--require-approval.*(?:TTY|terminal)/is,
    sentence: () => "Rights become wider, which a person confirms. Look at --plan, then deploy with --yes.",
  },
  {
    said: /already exists(?: in stack (\S+))?/,
    sentence: ([, stack]) =>
      `A resource of that name is there already${stack === undefined ? "" : `, in the stack ${stack}`}. Take another name: in deployment.yml, or import the table (docs/deployment.md).`,
  },
  {
    said: /Task failed ELB health checks|ECS Deployment Circuit Breaker was triggered/,
    sentence: () =>
      "The bot starts and ends again; the deployment took itself back. Its log group says why: most often a secret still says not-set-yet.",
  },
];

/** Never empty: without a known reason, the last lines themselves. */
export function explainRefusal(output: string): string[] {
  const plain = stripVTControlCharacters(output);
  const found = known.flatMap(({ said, sentence }) => {
    const match = said.exec(plain);
    return match === null ? [] : [sentence(match)];
  });
  if (found.length > 0) return found;
  const last = plain.trim().split("\n").slice(-5);
  return ["The CDK ended with a fault:", ...last];
}
