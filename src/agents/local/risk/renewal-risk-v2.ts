/**
 * `renewal_risk_v2`: how likely a customer is not to renew, as seen in what they do.
 *
 * Points are log-odds: above zero raises the risk. Utilization is active users by seats; change is against three months
 * before; CSAT runs from 1 to 5, NPS from -100 to 100. Days to the renewal make it urgent, not likely, so they aren't here.
 * A change of any number is a new model with a new name: executions name the model that they were scored with.
 */
import type { RiskModel } from "./risk-model.ts";

export const renewalRiskV2: RiskModel = {
  name: "renewal_risk_v2",
  base: 0.2,
  factors: [
    {
      id: "seat_use",
      label: "Seat use",
      cap: { raises: 1.6, reassures: 0.65 },
      terms: [
        {
          signal: "utilization",
          missing: "seat use",
          points: [
            [0, 1.3],
            [0.2, 1.1],
            [0.4, 0.5],
            [0.6, 0.15],
            [0.7, 0],
            [0.85, -0.45],
          ],
        },
        {
          signal: "usage_change",
          missing: "usage trend",
          points: [
            [-0.5, 0.4],
            [-0.25, 0.2],
            [-0.05, 0],
            [0.05, 0],
            [0.25, -0.2],
          ],
        },
      ],
    },
    {
      id: "open_tickets",
      label: "Open tickets",
      cap: { raises: 0.75, reassures: 0.1 },
      terms: [
        {
          signal: "urgent_tickets",
          missing: "support tickets",
          points: [
            [0, -0.1],
            [1, 0.2],
            [2, 0.35],
            [4, 0.6],
          ],
        },
        {
          signal: "oldest_urgent_days",
          missing: null,
          points: [
            [3, 0],
            [14, 0.15],
          ],
        },
        {
          signal: "open_tickets",
          missing: null,
          points: [
            [4, 0],
            [10, 0.15],
          ],
        },
      ],
    },
    {
      id: "csat",
      label: "CSAT",
      cap: { raises: 0.4, reassures: 0.1 },
      terms: [
        {
          signal: "csat",
          missing: "CSAT",
          points: [
            [1, 0.4],
            [3, 0.15],
            [3.8, 0],
            [4.5, -0.1],
          ],
        },
      ],
    },
    {
      id: "champion",
      label: "Champion",
      cap: { raises: 0.35, reassures: 0.1 },
      terms: [{ signal: "champion", missing: "champion", points: { left: 0.35, active: -0.1 } }],
    },
    {
      id: "nps",
      label: "NPS",
      cap: { raises: 0.3, reassures: 0.1 },
      terms: [
        {
          signal: "nps",
          missing: "NPS",
          points: [
            [-50, 0.3],
            [0, 0.1],
            [20, 0],
            [50, -0.1],
          ],
        },
      ],
    },
    {
      id: "overdue_invoices",
      label: "Overdue invoices",
      cap: { raises: 0.4, reassures: 0.05 },
      terms: [
        {
          signal: "overdue_days",
          missing: "invoices",
          points: [
            [0, -0.05],
            [1, 0.05],
            [30, 0.25],
            [60, 0.4],
          ],
        },
      ],
    },
    {
      id: "contract",
      label: "Contract",
      cap: { raises: 0.25, reassures: 0.1 },
      terms: [
        {
          signal: "renewal_mode",
          missing: "contract terms",
          points: { renews_by_itself: -0.1, by_hand: 0.1, by_hand_notice_passed: 0.25 },
        },
      ],
    },
  ],
};
