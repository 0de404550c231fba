/**
 * What `npm start` runs. Plain JavaScript: what Node has compiled of TypeScript it keeps, but for the file that it is started with,
 * and taking the types out of that one alone costs as much as a hundred modules.
 */
import { enableCompileCache } from "node:module";

enableCompileCache();
await import("../src/main.ts");
