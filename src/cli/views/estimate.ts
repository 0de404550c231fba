/** Figures with what they may be off by: "0.83 (0.79 to 0.87)", "80 % (67 to 89)". Empty where there is none. */
import type { Interval } from "../../agents/local/model/interval.ts";

export function decimal(value: number | null, interval: Interval | null = null): string {
  if (value === null) return "";
  return interval === null ? value.toFixed(2) : `${value.toFixed(2)} (${between(interval, (end) => end.toFixed(2))})`;
}

/** "+0.04 (−0.01 to 0.09)". */
export function difference(value: number | null, interval: Interval | null = null): string {
  if (value === null) return "";
  return interval === null ? signed(value) : `${signed(value)} (${between(interval, (end) => minus(end.toFixed(2)))})`;
}

export function share(value: number | null, interval: Interval | null = null): string {
  if (value === null) return "";
  return interval === null ? `${percent(value)} %` : `${percent(value)} % (${between(interval, percent)})`;
}

/** Log-odds and the like: "+0.22", "−0.05". */
export function signed(value: number): string {
  const shown = value.toFixed(2);
  return Number(shown) === 0 ? "0.00" : value > 0 ? `+${shown}` : minus(shown);
}

function percent(part: number): string {
  return minus(String(Math.round(part * 100) + 0));
}

function between({ low, high }: Interval, written: (end: number) => string): string {
  return `${written(low)} to ${written(high)}`;
}

function minus(text: string): string {
  return text.replace(/^-/, "−").replace(/^−(0\.00|0)$/, "$1");
}
