/** Where agents only say which actions there are. */
import { FailureError } from "../../../flow/failure.ts";
import type { CaseBook } from "../../agent.ts";

export const noCaseBook: CaseBook = {
  observe: () => Promise.reject(unavailable()),
  all: () => {
    throw unavailable();
  },
  review: () => Promise.reject(unavailable()),
};

function unavailable(): FailureError {
  return new FailureError({ error: "Agent.Unavailable", cause: "No store of cases is open here." });
}
