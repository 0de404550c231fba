import { testAgents } from "../agent.contract.ts";

testAgents("local", (local) => local);
