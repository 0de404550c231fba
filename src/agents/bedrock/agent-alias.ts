/** Which agent of Bedrock, in which of its published versions: `agentId/aliasId`. */

export interface AgentAlias {
  agentId: string;
  aliasId: string;
}

/** Bedrock's own limits; null where the text is no such pair. */
export function readAgentAlias(text: string): AgentAlias | null {
  const [, agentId, aliasId] = /^([0-9a-zA-Z]{1,10})\/([0-9a-zA-Z]{1,10})$/.exec(text) ?? [];
  return agentId === undefined || aliasId === undefined ? null : { agentId, aliasId };
}
