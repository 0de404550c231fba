/** Of the text that Prometheus reads, what an alarm is about, over all flows. Pure. */

type Sum = (values: readonly number[]) => number;

const total: Sum = (values) => values.reduce((sum, value) => sum + value, 0);
const most: Sum = (values) => Math.max(0, ...values);

/** By the name in the log. */
const wanted: Readonly<Record<string, { gauge: string; sum: Sum }>> = {
  approvals_waiting: { gauge: "revops_approvals_waiting", sum: total },
  oldest_approval_seconds: { gauge: "revops_oldest_approval_age_seconds", sum: most },
  doubts_open: { gauge: "revops_doubts_open", sum: total },
  longest_overdue_seconds: { gauge: "revops_longest_overdue_seconds", sum: most },
};

export function gaugeValues(text: string): Record<string, number> {
  const lines = text.split("\n");
  return Object.fromEntries(
    Object.entries(wanted).map(([name, { gauge, sum }]) => [
      name,
      sum(lines.filter((line) => line.startsWith(`${gauge}{`)).map((line) => Number(line.split(" ").at(-1)))),
    ]),
  );
}
