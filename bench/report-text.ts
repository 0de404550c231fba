/** A report for the terminal. Pure. */
import type { Figure, Measured, Report } from "./report.ts";
import type { Goal } from "./measure.ts";

export function reportText(report: Report): string {
  const { machine, runs, quick, measures, not_measured, measured_at } = report;
  const { before, after } = machine.load_average;
  const head = [
    `${measured_at}: ${machine.processor}, ${machine.cores} cores, Node ${machine.node}, load average ${shown(before)} before, ${shown(after)} after`,
    `medians of ${counted(runs, "run")} (lowest to highest)`,
    ...(quick ? ["tiny sizes: these figures only show that they can be taken"] : []),
  ].join("\n");
  return [head, ...measures.map(measureText), ...summary(report), `not measured: ${not_measured.join("; ")}`].join(
    "\n\n",
  );
}

function measureText({ name, about, figures, problem }: Measured): string {
  const rows = problem === null ? figures.map(figureText) : [`not taken: ${problem}`];
  return [`${name}: ${about}`, ...rows.map((row) => `  ${row}`)].join("\n");
}

function figureText({ unit, median, min, max, goal, reached, floor, of_floor }: Figure): string {
  const parts = [
    `${shown(median)} ${unit} (${shown(min)} to ${shown(max)})`,
    ...(goal === null ? [] : [`goal ${goalText(goal)}${verdict(reached)}`]),
    ...(floor === null || of_floor === null ? [] : [floorText({ unit, floor, of_floor })]),
  ];
  return parts.join(", ");
}

/** A rate is a share of what the bare writes reach; a time or an amount is a multiple of theirs. */
export function floorText({ unit, floor, of_floor }: Pick<Figure, "unit" | "floor" | "of_floor">): string {
  if (floor === null || of_floor === null) return "";
  const ratio = unit.endsWith("/s") ? `${shown(of_floor * 100)} % of` : `${shown(of_floor)} times`;
  return `${ratio} the floor of ${shown(floor.median)}`;
}

export function goalText(goal: Goal): string {
  return "atLeast" in goal ? `≥ ${goal.atLeast.toLocaleString("en-US")}` : `≤ ${goal.atMost.toLocaleString("en-US")}`;
}

function verdict(reached: boolean | null): string {
  if (reached === null) return "";
  return reached ? " reached" : " NOT REACHED";
}

function summary({ quick, measures }: Report): string[] {
  const problems = measures.filter(({ problem }) => problem !== null).map(({ name }) => name);
  const judged = measures.flatMap(({ name, figures }) => figures.map((figure) => ({ ...figure, measure: name })));
  const withGoal = judged.filter(({ reached }) => reached !== null);
  const missed = withGoal.filter(({ reached }) => reached === false).map(({ measure, name }) => `${measure} ${name}`);
  const goals =
    missed.length === 0
      ? `all ${withGoal.length} goals are reached`
      : `${missed.length} of ${withGoal.length} goals are not reached: ${missed.join(", ")}`;
  return [
    ...(quick || withGoal.length === 0 ? [] : [goals]),
    ...(problems.length === 0 ? [] : [`not taken: ${problems.join(", ")}`]),
  ];
}

export function shown(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
