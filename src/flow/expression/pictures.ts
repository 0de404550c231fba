/**
 * What JSONata's formatting functions may be given. In 2.0.6 some pictures and values make them loop for ever or fill the
 * memory (`$formatNumber(0, "0e0")`, `$formatInteger(1/0, "a")`, `[Y,*-999999999]`); these are refused.
 */
import { LimitError } from "./meter.ts";

const maxPicture = 200;

export function checkPicture(picture: unknown): void {
  if (typeof picture === "string" && picture.length > maxPicture) {
    throw new LimitError(`a picture may have ${maxPicture} characters`);
  }
}

/** Widths stand after a comma, and every digit of one asks for ten times the zeros. */
export function checkDatePicture(picture: unknown): void {
  checkPicture(picture);
  if (typeof picture === "string" && /,[^\]]*\d{3}/.test(picture)) {
    throw new LimitError("a width in a date picture may have two digits");
  }
}

export function checkInteger(value: unknown, picture: unknown): void {
  checkPicture(picture);
  if (typeof value === "number" && !Number.isFinite(value)) throw new LimitError("the number is not finite");
}

export function checkNumber(value: unknown, picture: unknown, options: unknown): void {
  checkInteger(value, picture);
  checkOptions(options);
  const separator = option(options, "exponent-separator") ?? "e";
  const zero = (option(options, "zero-digit") ?? "0").charCodeAt(0);
  if (typeof value !== "number" || value > 0 || typeof picture !== "string") return;
  if (hasExponent({ picture, separator, zero })) {
    throw new LimitError("a picture with an exponent takes positive numbers only");
  }
}

function checkOptions(options: unknown): void {
  if (typeof options !== "object" || options === null) return;
  const wrong = Object.values(options).some((value) => typeof value !== "string" || value.length !== 1);
  if (wrong) throw new LimitError("each option of $formatNumber is one character");
}

function option(options: unknown, name: string): string | null {
  if (typeof options !== "object" || options === null) return null;
  const found = Object.entries(options).find(([key]) => key === name)?.[1];
  return typeof found === "string" ? found : null;
}

function hasExponent({ picture, separator, zero }: { picture: string; separator: string; zero: number }): boolean {
  return picture.split(separator).some((part, index) => {
    const digit = part.charCodeAt(0) - zero;
    return index > 0 && digit >= 0 && digit <= 9;
  });
}
