/** What recommendations rest on. */
import type { Customer } from "../../../flow/customer.ts";
import type { CustomerData } from "../data/customer-data.ts";
import type { RenewalRisk } from "../risk/renewal-risk.ts";
import type { Strategy } from "./strategy.ts";

export interface Situation {
  strategy: Strategy;
  risk: RenewalRisk;
  customer: Customer | null;
  data: CustomerData | null;
  /** Seats that the active people need, where that is fewer than paid for. */
  fittingSeats: number | null;
  /** In the flow's zone. */
  today: string;
}
