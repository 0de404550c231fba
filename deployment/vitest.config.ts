import { defineConfig } from "vitest/config";

// A template is made in a second, a plan in a terminal takes ten; on a machine with other work ten times that.
export default defineConfig({
  test: { include: ["test/**/*.test.ts"], testTimeout: 240_000, hookTimeout: 240_000, isolate: false, maxWorkers: 1 },
});
