/** The flow that a test stands beside: `NAME.yml`, `NAME.yaml` or `NAME.ts` of `NAME.test.yml` or `NAME.test.ts`. */
import { access } from "node:fs/promises";

export function namesBeside(file: string): string[] {
  const name = file.replace(/\.test\.(?:ya?ml|ts)$/, "");
  return [".yml", ".yaml", ".ts"].map((extension) => name + extension);
}

/** Null: there is none. */
export async function flowBeside(file: string): Promise<string | null> {
  for (const path of namesBeside(file)) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return null;
}
