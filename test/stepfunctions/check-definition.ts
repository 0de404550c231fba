/**
 * The gate that every compiled state machine passes: our own rules, the pinned JSONata parser, asl-validator, and (where it may
 * take its time) AWS's language service. No one of them suffices: each lets through what another refuses.
 */
import { createRequire } from "node:module";
import { z } from "zod";
import { validatorProblems } from "./asl-validator.ts";
import { InvalidDefinition, admit } from "./interpreter/machine-rules.ts";

const require = createRequire(import.meta.url);

/** Our own rules and the parse of every expression: milliseconds, for thousands of machines. */
export function checkRules(definition: unknown): string[] {
  try {
    admit(definition);
    return [];
  } catch (error) {
    if (error instanceof InvalidDefinition) return [...error.problems];
    throw error;
  }
}

/** As `checkRules`, and asl-validator, which takes 0.2 s the first time. None: it may be deployed. */
export function checkDefinition(definition: unknown): string[] {
  const own = checkRules(definition);
  // Where the structure is broken already, the validator throws instead of saying so.
  return own.length > 0 ? own : validatorProblems(definition);
}

/** As `checkDefinition`, and AWS's own language service, which takes a second to load. */
export async function checkDefinitionFully(definition: unknown): Promise<string[]> {
  const problems = checkDefinition(definition);
  return problems.length > 0 ? problems : serviceProblems(definition);
}

const Diagnostics = z.array(z.looseObject({ message: z.string() }));

async function serviceProblems(definition: unknown): Promise<string[]> {
  const { TextDocument, getLanguageService } = languageService();
  const service = getLanguageService({});
  const text = JSON.stringify(definition);
  const document = TextDocument.create("file:///machine.asl.json", "asl", 1, text);
  const found = Diagnostics.parse(await service.doValidation(document, service.parseJSONDocument(document)));
  return found.map(({ message }) => `amazon-states-language-service: ${message}`);
}

type LanguageServiceModule = typeof import("amazon-states-language-service");

/** Loaded on first use: it takes half a second. */
function languageService(): LanguageServiceModule {
  const module: LanguageServiceModule = require("amazon-states-language-service");
  return module;
}
