/** Are code's own sentences ever refused as a model's? Over every customer of the sample, a model that repeats them is taken at once. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { openCsvSource } from "../../../src/agents/crm/csv/csv-source.ts";
import { materialiseSample } from "../../../src/agents/crm/sample/sample.ts";
import { createLocalAgents } from "../../../src/agents/local/local-agents.ts";
import { echoTemplates, inTemporaryFolder, requestFor } from "../support.ts";
import { bedrockAgents, bedrockServer } from "./bedrock.ts";

const server = await bedrockServer();

it.each(["2026-11-23", "2026-12-31"])("no figure of code's own is unknown on %s", async (anchorDate) => {
  await inTemporaryFolder(async (folder) => {
    const source = await openCsvSource({
      folder: await materialiseSample({ folder: join(folder, "sample"), anchorDate }),
    });
    const { decision_agent, data_agent } = bedrockAgents(
      createLocalAgents({ source, templates: echoTemplates }).agents,
    );
    const now = Date.parse(`${anchorDate}T14:00:00Z`);
    const before = server.calls.length;
    let asked = 0;
    for await (const page of source.all())
      for (const customer of page) {
        const data = await data_agent.invoke(requestFor("retrieve_customer_data", { customer, now }));
        const outputs = [{ stepId: "data", action: "retrieve_customer_data", output: data.output }];
        const risk = await decision_agent.invoke(requestFor("assess_renewal_risk", { customer, now, outputs }));
        const known = [{ stepId: "risk", action: "assess_renewal_risk", output: risk.output }, ...outputs];
        await decision_agent.invoke(requestFor("generate_renewal_recommendations", { customer, now, outputs: known }));
        asked += 2;
      }
    expect(asked).toBeGreaterThan(60);
    expect(server.calls.length - before).toBe(asked);
  });
});
