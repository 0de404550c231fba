import { defineConfig } from "vitest/config";

/** What counts on having the machine to itself: a crowd that presses at once, three processes under one storm. */
const alone = ["test/scene/crowd.long.ts", "test/processes/three.long.ts"];

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
      // Projects run one after another. Two files at a time: a scene waits more than it works, and each has its own app, ports,
      // folders and browser. What Slack's rates hold up takes a minute and a half in one of them, on any machine.
      {
        test: {
          name: "browser",
          include: ["test/**/*.browser.ts"],
          testTimeout: 300_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "long",
          include: ["test/**/*.long.ts"],
          exclude: alone,
          setupFiles: ["test/property-seed.ts"],
          testTimeout: 900_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "alone",
          include: alone,
          setupFiles: ["test/property-seed.ts"],
          testTimeout: 900_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
