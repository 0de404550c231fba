/**
 * What the files of the folder `actions` export, in their order. A bundled function finds no files: it is bundled with this list in
 * the place of the empty one (scripts/lambda/own-actions.ts).
 */
export const ownModules: readonly Readonly<Record<string, unknown>>[] = [];
