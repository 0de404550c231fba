/** The way to Step Functions: the SDK's client, and what stands around each of its requests. */
import type { SFNClient } from "@aws-sdk/client-sfn";

export interface Service {
  client: Pick<SFNClient, "send">;
  asked: <T>(send: () => Promise<T>) => Promise<T>;
}
