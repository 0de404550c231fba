/** What `people` and `limits.contacts` of revops.yml say about reaching people, over all flows. */
import type { WorkingTime } from "../flow/working-time.ts";

export interface ContactRules {
  workingTime: WorkingTime;
  /** Nobody is reached on weekends, holidays or in their quiet hours; false: nobody has said so. */
  keepsQuiet: boolean;
  /** False: nothing goes out as a direct message. */
  directMessages: boolean;
  /** In any seven days; null: as often as flows say. */
  perPersonPerWeek: number | null;
  perAccountPerWeek: number | null;
  doNotContact: {
    /** As `mailboxOf` gives them. */
    mailboxes: ReadonlySet<string>;
    /** Ids. Nothing about them reaches anybody. */
    customers: ReadonlySet<string>;
  };
}
