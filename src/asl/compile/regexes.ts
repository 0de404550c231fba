/**
 * Regular expressions: the embedded engine searches with RE2, Step Functions with the JSONata of JavaScript. What both read
 * alike stays; `\s` and `.` are written out; what only one of them knows is refused.
 */

/** Null: both read it alike. */
export function regexDifference(source: string): string | null {
  const found = /\\[pPAzQECabBG]|\[\[:|\\x\{|\(\?[PimsU-]/.exec(unescaped(source));
  if (found === null) return null;
  return `the regular expression /${source}/ has ${found[0]}, which Step Functions reads otherwise; write the characters out`;
}

/** Without pairs of backslashes, which stand for one. */
function unescaped(source: string): string {
  // `\b` is a word's edge to both, but what a word is differs beyond ASCII only.
  return source.replaceAll("\\\\", "").replaceAll(/\\[bB]/g, "");
}

/** RE2's blanks are five characters, and its dot takes all but the end of a line. */
export function regexForStepFunctions(source: string): string {
  let text = "";
  let inClass = false;
  for (let at = 0; at < source.length; at += 1) {
    const char = source.charAt(at);
    if (char === "\\") {
      const pair = source.slice(at, at + 2);
      at += 1;
      if (pair === "\\s") text += inClass ? "\\t\\n\\f\\r " : "[\\t\\n\\f\\r ]";
      else if (pair === "\\S") text += inClass ? "\\x00-\\x08\\x0b\\x0e-\\x1f!-\\uffff" : "[^\\t\\n\\f\\r ]";
      else text += pair;
    } else {
      if (char === "[") inClass = true;
      else if (char === "]") inClass = false;
      text += char === "." && !inClass ? "[^\\n]" : char;
    }
  }
  return text;
}
