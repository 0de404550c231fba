/** The effects function: its secrets first, as the code reads the environment when it is loaded. */
import { readSecretVariables } from "../runtime/secret-variables.ts";

await readSecretVariables(process.env);
export const { handler } = await import("../../src/app/lambda/effects.ts");
