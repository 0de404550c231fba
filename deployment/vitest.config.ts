import { defineConfig } from "vitest/config";

// A template is made in a second, and the first import of the construct library takes some more.
export default defineConfig({
  test: { include: ["test/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000, isolate: false, maxWorkers: 1 },
});
