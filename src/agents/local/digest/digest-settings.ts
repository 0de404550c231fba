/** Who is told on which morning what stands: `digests` of revops.yml, and what a digest is made of besides customers and cases. */
import { z } from "zod";
import type { Json } from "../../../flow/json.ts";

export const DigestDay = z.enum(["monday", "tuesday", "wednesday", "thursday", "friday"]);
export type DigestDay = z.infer<typeof DigestDay>;

export interface DigestSettings {
  /** Each account manager gets one of their own. */
  owners: boolean;
  /** The channel gets one of all renewals. */
  rollUp: boolean;
  day: DigestDay;
  /** Of the day there, where the reader lives. */
  hour: number;
  channel: string;
  /** IANA: of people whose zone nobody knows, and of the channel. */
  timezone: string;
}

export const defaultDigests = {
  owners: true,
  rollUp: true,
  day: "monday",
  hour: 8,
} as const satisfies Partial<DigestSettings>;

/** What is under way, asked of the engine. */
export interface Standing {
  /** Approvals that this person may decide, those with the least time left first. */
  approvalsFor(parameters: { email: string }): Promise<WaitingDecision[]>;
  /** What the step gave in the flow's last execution that succeeded before; null: there is none. */
  lastOutput(parameters: { flowId: string; stepId: string; before: number }): Promise<Json>;
}

export interface WaitingDecision {
  about: string;
  flowId: string;
  riskScore: number | null;
  /** When it expires; null: never. */
  until: number | null;
}

export interface Digests {
  settings: DigestSettings;
  standing: Standing;
}

/** Where agents only say which actions there are. */
export const noDigests: Digests = {
  settings: { ...defaultDigests, owners: false, rollUp: false, channel: "#revops", timezone: "UTC" },
  standing: { approvalsFor: () => Promise.resolve([]), lastOutput: () => Promise.resolve(null) },
};
