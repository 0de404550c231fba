/** `node scripts/flow-schema.ts` writes flow.schema.json, by which editors know flow files. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { flowSchemaFile, flowSchemaText } from "./flow-schema-text.ts";

writeFileSync(join(import.meta.dirname, "..", flowSchemaFile), await flowSchemaText());
console.log(`${flowSchemaFile} written`);
