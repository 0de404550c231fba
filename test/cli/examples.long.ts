/** Can the examples of docs/terminal.md that run or compile whole flows be meant? The others: `docs.test.ts`. */
import { testExamples } from "./examples.ts";

testExamples("long");
