/** The resources of Task states that this interpreter knows, by their ARN. */

export type Resource =
  | { kind: "lambda"; pattern: "request" | "token" }
  | { kind: "execution"; pattern: "request" | "sync" | "token" }
  | { kind: "integration"; service: string; api: string };

const known: Readonly<Record<string, Resource>> = {
  "arn:aws:states:::lambda:invoke": { kind: "lambda", pattern: "request" },
  "arn:aws:states:::lambda:invoke.waitForTaskToken": { kind: "lambda", pattern: "token" },
  "arn:aws:states:::states:startExecution": { kind: "execution", pattern: "request" },
  "arn:aws:states:::states:startExecution.sync:2": { kind: "execution", pattern: "sync" },
  "arn:aws:states:::states:startExecution.waitForTaskToken": { kind: "execution", pattern: "token" },
};

/** Null for what neither this interpreter nor a test's own handler (`integrations`) can be. */
export function readResource(arn: string): Resource | null {
  if (Object.hasOwn(known, arn)) return known[arn] ?? null;
  const parts = /^arn:aws:states:::(?:aws-sdk:)?([a-z0-9-]+):([A-Za-z]+)$/.exec(arn);
  const [, service, api] = parts ?? [];
  if (service === undefined || api === undefined || service === "lambda" || service === "states") return null;
  return { kind: "integration", service: arn.includes(":aws-sdk:") ? `aws-sdk:${service}` : service, api };
}

export function waitsForToken(arn: string): boolean {
  return arn.endsWith(".waitForTaskToken");
}

/** How history names it: `lambda` and `invoke.waitForTaskToken`, `aws-sdk:dynamodb` and `putItem`. */
export function resourceNames(arn: string): { resourceType: string; resource: string } {
  const parts = /^arn:aws:states:::((?:aws-sdk:)?[^:]+):(.+)$/.exec(arn);
  return { resourceType: parts?.[1] ?? "", resource: parts?.[2] ?? arn };
}
