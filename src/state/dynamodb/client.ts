/** The SDK's client: region, address and credentials come from its own environment. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

const connectionTimeoutMs = 1_500;
/** More requests at once only wait for a connection, by the SDK's own clock. */
export const mostConnections = 128;

/** Without retries of its own: those of `retry.ts` know what may have been applied. */
export function createClient({ timeoutMs }: { timeoutMs: number }): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 1,
    requestHandler: {
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      connectionTimeout: connectionTimeoutMs,
      httpAgent: { maxSockets: mostConnections },
      httpsAgent: { maxSockets: mostConnections },
    },
  });
}
