/** Waits for something in real time, and no longer than it is told. */
import { LateError, type Within } from "../flow/module-file.ts";

export const within: Within = (work, ms) =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new LateError()), ms);
    work.then(resolve, reject).finally(() => clearTimeout(late));
  });
