import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      // Properties and processes take seconds where a machine is busy otherwise; what hangs still fails.
      // Not isolated: reading the sources anew for each of two hundred files took longer than the tests.
      // Four workers whatever the cores: files are dealt out beforehand, and with two the one waits long for the other.
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          setupFiles: ["test/property-seed.ts"],
          testTimeout: 30_000,
          isolate: false,
          maxWorkers: 4,
        },
      },
      // What Slack's rates hold up takes a minute and a half in one of the scenes, on any machine.
      {
        test: {
          name: "browser",
          include: ["test/**/*.browser.ts"],
          testTimeout: 300_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "long",
          include: ["test/**/*.long.ts"],
          setupFiles: ["test/property-seed.ts"],
          testTimeout: 900_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
