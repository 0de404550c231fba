/** The SDK's client, loaded on the first call: region, address and credentials come from its own environment. */
import type { InvokeAgentCommandInput, InvokeAgentCommandOutput } from "@aws-sdk/client-bedrock-agent-runtime";

/** The signal ends the call and its stream. */
export type InvokeAgent = (input: InvokeAgentCommandInput, signal: AbortSignal) => Promise<Invoked>;

export interface Invoked {
  completion: InvokeAgentCommandOutput["completion"];
  /** Asked at the end of the stream: was it the far side that ended it? A connection that is lost between two frames looks so. */
  endedWell: () => boolean;
}

/** Without retries of its own: the engine's count, wait and are recorded. */
export function bedrockClient(): InvokeAgent {
  const opened: { client: Promise<InvokeAgent> | null } = { client: null };
  return async (input, signal) => {
    opened.client ??= openClient();
    return (await opened.client)(input, signal);
  };
}

async function openClient(): Promise<InvokeAgent> {
  const { BedrockAgentRuntimeClient, InvokeAgentCommand } = await import("@aws-sdk/client-bedrock-agent-runtime");
  const client = new BedrockAgentRuntimeClient({ maxAttempts: 1 });
  return async (input, signal) => {
    const command = new InvokeAgentCommand(input);
    const seen: { response: unknown } = { response: null };
    command.middlewareStack.add(
      (next) => async (request) => {
        const result = await next(request);
        seen.response = result.response;
        return result;
      },
      { step: "deserialize", name: "keepResponse" },
    );
    const { completion } = await client.send(command, { abortSignal: signal });
    return { completion, endedWell: () => !wasReset(seen.response) };
  };
}

/** Of HTTP/2's stream: the code it was reset with. Of none, as with another transport, nothing is known. */
function wasReset(response: unknown): boolean {
  const code = fieldOf(fieldOf(response, "body"), "rstCode");
  return typeof code === "number" && code !== 0;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : null;
}
