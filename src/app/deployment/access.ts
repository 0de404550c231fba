/** Whether AWS would be spoken to at all: credentials, region, and one look that every deployment needs. */
import { ListStateMachinesCommand, SFNClient } from "@aws-sdk/client-sfn";

/** Null: all is well; else why not, in sentences. */
export async function checkAccess(): Promise<string[] | null> {
  const client = new SFNClient({ maxAttempts: 2 });
  try {
    await client.send(new ListStateMachinesCommand({ maxResults: 1 }), { abortSignal: AbortSignal.timeout(longestMs) });
    return null;
  } catch (error) {
    return explainAccess(error);
  } finally {
    client.destroy();
  }
}

const longestMs = 20_000;

const expired =
  /^(?:ExpiredToken(?:Exception)?|UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|IncompleteSignature)$/;

export function explainAccess(error: unknown): string[] {
  if (!(error instanceof Error)) throw error;
  const { name, message } = error;
  if (/Region is missing/i.test(message))
    return ["AWS has no region. Set AWS_REGION, such as eu-central-1, or a region in your profile."];
  if (name === "CredentialsProviderError" || /could not load credentials/i.test(message))
    return ["There are no AWS credentials. Sign in by aws sso login, or set AWS_PROFILE; --plan needs none."];
  if (expired.test(name))
    return ["AWS doesn't take these credentials: they are of another account, or over. Sign in again."];
  if (name === "AccessDeniedException")
    return [
      `These credentials may not look at state machines (${message}).`,
      "docs/deployment.md lists the rights that a deployment needs.",
    ];
  if (name === "TimeoutError" || name === "AbortError")
    return ["AWS didn't answer within 20 seconds. Look at the network and at AWS_REGION, then try again."];
  return [`AWS can't be asked (${name}: ${message}).`];
}
