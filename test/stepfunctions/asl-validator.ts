/**
 * asl-validator, quick enough for many machines: it compiles its schemas anew for each one, which takes 0.2 s, so that while it
 * runs it gets the compiled ones of the first time.
 */
import { createRequire } from "node:module";
import { z } from "zod";

const require = createRequire(import.meta.url);

const Verdict = z.looseObject({
  errors: z.array(
    z.looseObject({ "Error code": z.string(), Message: z.string().nullish(), path: z.string().nullish() }),
  ),
});

type AjvModule = typeof import("ajv");
type Validate = (definition: unknown, options: { checkPaths: boolean; checkArn: boolean }) => unknown;

let kept: { validate: Validate; ajv: AjvModule; compiled: InstanceType<AjvModule["default"]> | null } | null = null;

export function validatorProblems(definition: unknown): string[] {
  kept ??= { validate: load(), ajv: loadAjv(), compiled: null };
  const { validate, ajv } = kept;
  const original = ajv.default;
  const holder = kept;
  try {
    Object.assign(ajv, {
      default: function sameAsBefore(options: object) {
        holder.compiled ??= new original(options);
        return holder.compiled;
      },
    });
    // It writes into what it gets. Our functions' names are placeholders, so ARNs aren't looked at.
    const verdict = Verdict.parse(validate(structuredClone(definition), { checkPaths: true, checkArn: false }));
    // It would add them again, which is refused.
    if (holder.compiled !== null) Object.assign(holder.compiled, { addKeyword: () => holder.compiled });
    return verdict.errors.map(
      (error) => `asl-validator: ${error["Error code"]} ${error.path ?? ""} ${error.Message ?? ""}`,
    );
  } finally {
    Object.assign(ajv, { default: original });
  }
}

function load(): Validate {
  const validate: Validate = require("asl-validator");
  return validate;
}

/** The very module that asl-validator uses. */
function loadAjv(): AjvModule {
  const module: AjvModule = createRequire(require.resolve("asl-validator"))("ajv");
  return module;
}
