import { testAgents } from "../agent.contract.ts";
import { bedrockAgents, bedrockServer } from "./bedrock.ts";

await bedrockServer();
testAgents("bedrock", (local) => bedrockAgents(local));
