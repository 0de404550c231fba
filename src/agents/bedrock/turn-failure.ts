/**
 * What Bedrock and the way to it refuse, as failures that say whether to try again (F1). What AWS says about a wrong signature
 * repeats the request's headers, a session's token among them, so its words on credentials and rights go nowhere (T3).
 */
import { type ErrorName, FailureError } from "../../flow/failure.ts";
import { cleanText } from "./clean-text.ts";

const mostWords = 300;

/** `agent`: as `agentId/aliasId`, for whoever reads it. */
export function turnFailure(error: unknown, { agent }: { agent: string }): FailureError {
  if (error instanceof FailureError) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const said = (what: string) => `${what} (${name}: ${cleanText(message, mostWords)}).`;
  switch (kindOf(name)) {
    case "throttled": {
      const cause = said(`Bedrock takes no more calls of agent ${agent} for now`);
      const retryAfterMs = retryAfterOf(error);
      return new FailureError({ error: "Agent.Throttled", cause }, retryAfterMs === null ? {} : { retryAfterMs });
    }
    case "credentials":
      return fail(
        "Input.Invalid",
        `AWS does not accept the credentials for agent ${agent} (${name}). Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and check this machine's clock.`,
      );
    case "rights":
      return fail(
        "Input.Invalid",
        `These AWS credentials may not use agent ${agent} (${name}). Allow bedrock:InvokeAgent on this alias.`,
      );
    case "missing":
      return fail("Input.Invalid", said(`There is no agent ${agent} in this account and region`));
    case "refused":
      return fail("Input.Invalid", said(`Bedrock refuses the call of agent ${agent}`));
    case null:
      break;
  }
  if (/region is missing/i.test(message))
    return fail(
      "Input.Invalid",
      `No AWS region is set for agent ${agent}. Set AWS_REGION, such as AWS_REGION=us-east-1.`,
    );
  const status = statusOf(error);
  if (status !== null && status >= 400 && status < 500 && !returning.has(name))
    return fail("Input.Invalid", said(`Bedrock refuses the call of agent ${agent}`));
  return fail("Agent.Unavailable", said(`Agent ${agent} gave no whole answer`));
}

function fail(error: ErrorName, cause: string): FailureError {
  return new FailureError({ error, cause });
}

type Kind = "throttled" | "credentials" | "rights" | "missing" | "refused";

const kinds: Readonly<Record<string, Kind>> = {
  ThrottlingException: "throttled",
  throttlingException: "throttled",
  TooManyRequestsException: "throttled",
  CredentialsProviderError: "credentials",
  UnrecognizedClientException: "credentials",
  InvalidSignatureException: "credentials",
  IncompleteSignatureException: "credentials",
  MissingAuthenticationTokenException: "credentials",
  ExpiredTokenException: "credentials",
  AccessDeniedException: "rights",
  ResourceNotFoundException: "missing",
  ValidationException: "refused",
  ServiceQuotaExceededException: "refused",
  DependencyFailedException: "refused",
};

/** Of the 4xx, those that pass: a model that isn't ready, a session that is in use (the next attempt has its own). */
const returning: ReadonlySet<string> = new Set([
  "ModelNotReadyException",
  "ConflictException",
  "RequestTimeoutException",
]);

function kindOf(name: string): Kind | null {
  return Object.hasOwn(kinds, name) ? (kinds[name] ?? null) : null;
}

function statusOf(error: unknown): number | null {
  const status = fieldOf(fieldOf(error, "$metadata"), "httpStatusCode");
  return typeof status === "number" ? status : null;
}

/** Of the answer's header, in seconds; a date would need the far side's clock. */
function retryAfterOf(error: unknown): number | null {
  const value = fieldOf(fieldOf(fieldOf(error, "$response"), "headers"), "retry-after");
  return typeof value === "string" && /^\d{1,5}$/.test(value) ? Number(value) * 1_000 : null;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : null;
}
