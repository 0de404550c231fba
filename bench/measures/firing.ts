/** One firing over ten thousand customers. */
import { join } from "node:path";
import { figuresOf } from "../child.ts";
import { writeCustomers } from "../customers.ts";
import type { Measure } from "../measure.ts";
import { bareWrites } from "./bare.ts";

/** Memory is flat if four times the customers take hardly more of it. */
const share = 4;

export const firing: Measure = {
  name: "firing",
  about:
    "a schedule's firing over 10,000 customers of a CSV file, all of whom match; each gets a step, then an approval; the floor is the bare writes of the same bytes until all are started",
  figures: [
    { name: "first_card", unit: "s to the first approval's card", goal: { atMost: 2 } },
    { name: "batch_card", unit: "s to the batch's card" },
    { name: "all_started", unit: "s until all are started", goal: { atMost: 10 }, floor: "bare_started" },
    { name: "all_parked", unit: "s until all have been asked about" },
    { name: "peak_memory", unit: "MiB" },
    { name: "memory_growth", unit: "times the peak memory of a quarter of the customers", goal: { atMost: 1.25 } },
  ],
  prepare: async ({ prepared, sizes: { customers } }) => {
    await writeCustomers(join(prepared, "all"), customers);
    await writeCustomers(join(prepared, "quarter"), customers / share);
  },
  run: async ({ folder, prepared, sizes: { customers } }) => {
    const quarter = await figuresOf("firing.ts", {
      path: join(folder, "quarter.db"),
      crm: join(prepared, "quarter"),
      customers: customers / share,
      weighs: true,
    });
    const { requests_each = NaN, bytes_each = NaN } = quarter;
    const ours = await figuresOf("firing.ts", {
      path: join(folder, "all.db"),
      crm: join(prepared, "all"),
      customers,
      weighs: false,
    });
    const requests = Math.max(1, Math.round(requests_each));
    const bytes = Array.from({ length: requests }, () => Math.round(bytes_each / requests));
    const bare = await bareWrites(folder, { flows: customers, atOnce: customers, bytes });
    return {
      ...ours,
      memory_growth: (ours["peak_memory"] ?? NaN) / (quarter["peak_memory"] ?? NaN),
      bare_started: bare["seconds"] ?? NaN,
    };
  },
};
