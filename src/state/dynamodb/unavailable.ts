/**
 * DynamoDB's refusals in words that say what to do. What AWS says about a wrong signature repeats the request's headers, a
 * session's token among them, so the errors about credentials are not carried along (T3).
 */
import { StoreUnavailableError } from "../state-store.ts";
import { codeOf, isRetryable } from "./retry.ts";

/** The error to throw: `StoreUnavailableError` where a person can put it right, else the error as it came. */
export function explain({ error, table }: { error: unknown; table: string }): unknown {
  if (!(error instanceof Error) || error instanceof StoreUnavailableError) return error;
  const sentence = sentenceFor({ error, table });
  if (sentence === null) return error;
  return new StoreUnavailableError(sentence.text, sentence.mayCarryCause ? { cause: error } : {});
}

interface Sentence {
  text: string;
  mayCarryCause: boolean;
}

const secret = (text: string): Sentence => ({ text, mayCarryCause: false });
const open = (text: string): Sentence => ({ text, mayCarryCause: true });

function sentenceFor({ error, table }: { error: Error; table: string }): Sentence | null {
  switch (error.name) {
    case "ResourceNotFoundException":
      return open(
        `There is no DynamoDB table ${table} in this account and region. Create it with "npx revops deploy table", or set REVOPS_STATE or AWS_REGION to where it is.`,
      );
    case "CredentialsProviderError":
      return secret(
        `No AWS credentials were found for the table ${table}. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a role.`,
      );
    case "UnrecognizedClientException":
    case "InvalidSignatureException":
    case "IncompleteSignatureException":
    case "MissingAuthenticationTokenException":
    case "ExpiredTokenException":
    case "InvalidClientTokenId":
      return secret(
        `AWS does not accept these credentials for the table ${table}. Renew them, and check this machine's clock: signatures hold for some minutes.`,
      );
    case "AccessDeniedException":
      return secret(
        `These AWS credentials may not use the table ${table} and its indexes. Allow the actions that docs/dynamodb.md lists.`,
      );
  }
  if (/region is missing/i.test(error.message))
    return open(`No AWS region is set for the table ${table}. Set AWS_REGION, such as AWS_REGION=us-east-1.`);
  if (error.name === "ValidationException" && /specified index/i.test(error.message))
    return open(
      `The table ${table} lacks an index of this version. "npx revops deploy table" names it; make a new table, or add it there.`,
    );
  if (codeOf(error) === "ENOTFOUND" || isRetryable(error))
    return open(
      `DynamoDB does not answer for the table ${table} (${codeOf(error) || error.name}). Nothing that was recorded is lost; check the network, AWS_REGION and AWS_ENDPOINT_URL_DYNAMODB.`,
    );
  return null;
}
