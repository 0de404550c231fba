/** What is wrong with a text before it is sent; null: nothing, or nothing stands there. Pure. */
import { number, string, type Fields } from "./shape.ts";

export function textProblem(item: Fields, text: string): string | null {
  const least = number(item["min_length"]);
  if (text === "" || least === null || text.length >= least) return null;
  return `At least ${least} characters are needed.`;
}

export function numberProblem(item: Fields, text: string): string | null {
  if (text.trim() === "") return null;
  const value = Number(text);
  const decimal = item["is_decimal_allowed"] === true;
  if (!/^-?\d+(?:\.\d+)?$/.test(text.trim())) return "Only a number fits here, such as 12.";
  if (!decimal && !Number.isInteger(value)) return "Only a whole number fits here.";
  const [least, most] = [string(item["min_value"]), string(item["max_value"])];
  if (least !== "" && value < Number(least)) return `${least} is the least.`;
  return most !== "" && value > Number(most) ? `${most} is the most.` : null;
}
