/**
 * When a step runs (DESIGN §5), as one table: the engine reads it, and whatever else runs flows must share it.
 */

export type Gate = "open" | "closed" | "waiting";

/** How a step that others depend on has ended. */
export type Ended =
  "approved" | "not_approved" | "succeeded" | "failed_and_continues" | "failed" | "skipped" | "aborted";

/** What a dependency lets through, by how it ended: `required`, `optional`. */
export const runRules: Readonly<Record<Ended, { required: Gate; optional: Gate }>> = {
  succeeded: { required: "open", optional: "open" },
  approved: { required: "open", optional: "open" },
  not_approved: { required: "closed", optional: "open" },
  failed_and_continues: { required: "open", optional: "open" },
  failed: { required: "closed", optional: "open" },
  skipped: { required: "closed", optional: "open" },
  aborted: { required: "closed", optional: "open" },
};

/** Of a step that has ended. */
export function dependencyGate(dependency: {
  optional: boolean;
  status: "pending" | "running" | "waiting" | "succeeded" | "failed" | "skipped" | "aborted";
  /** Null: it is no approval. */
  approval: "pending" | "approved" | "rejected" | "expired" | "withdrawn" | null;
  /** `on_error: continue`. */
  continues: boolean;
}): Gate {
  const ended = endOf(dependency);
  return ended === null ? "waiting" : runRules[ended][dependency.optional ? "optional" : "required"];
}

function endOf({ status, approval, continues }: Parameters<typeof dependencyGate>[0]): Ended | null {
  switch (status) {
    case "succeeded":
      if (approval === null) return "succeeded";
      return approval === "approved" ? "approved" : "not_approved";
    case "failed":
      return continues ? "failed_and_continues" : "failed";
    case "skipped":
    case "aborted":
      return status;
    case "pending":
    case "running":
    case "waiting":
      return null;
    default:
      return status satisfies never;
  }
}
