/** CloudFormation's limits, looked at before it is asked. Those of a machine are the compiler's. */
import { DeployError } from "../../src/app/deployment/deploy-error.ts";
import { JsonObject } from "../../src/flow/json.ts";
import type { Template } from "./templates.ts";

const mostBytes = 1_048_576;
const mostResources = 500;

export function refuseTooLarge(templates: readonly Template[]): void {
  const problems = templates.flatMap(({ stack, template }) => {
    const bytes = Buffer.byteLength(JSON.stringify(template));
    const resources = Object.keys(JsonObject.catch({}).parse(template["Resources"])).length;
    return [
      ...(bytes > mostBytes
        ? [
            `${stack}: its template has ${bytes} bytes, and CloudFormation takes ${mostBytes}. Split the flow into sub-flows.`,
          ]
        : []),
      ...(resources > mostResources
        ? [
            `${stack}: ${resources} resources, and CloudFormation takes ${mostResources} in a stack. Deploy some flows under another name.`,
          ]
        : []),
    ];
  });
  if (problems.length > 0) throw new DeployError(problems);
}
