/** The project in a folder of its own, for a test to change: its packages are linked, and its flows are what the test writes. */
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "../..");
const parts = [
  "package.json",
  "package-lock.json",
  ".npmrc",
  "bin",
  "src",
  "scripts",
  "deployment/main.ts",
  "deployment/lib",
  "deployment/bot",
  "deployment/lambda",
  "deployment/runtime",
];

export interface ProjectCopy {
  folder: string;
  /** By path in the project; null takes the file away. */
  write: (files: Readonly<Record<string, string | null>>) => Promise<void>;
  remove: () => Promise<void>;
}

export async function projectCopy(files: Readonly<Record<string, string>>): Promise<ProjectCopy> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "revops-project-")));
  await Promise.all(parts.map((part) => cp(join(root, part), join(folder, part), { recursive: true })));
  for (const packages of ["node_modules", "deployment/node_modules"])
    await symlink(join(root, packages), join(folder, packages));
  const copy: ProjectCopy = {
    folder,
    write: async (changes) => {
      for (const [path, text] of Object.entries(changes)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await (text === null ? rm(join(folder, path)) : writeFile(join(folder, path), text));
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  await copy.write(files);
  return copy;
}
