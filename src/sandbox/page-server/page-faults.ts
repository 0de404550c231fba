/** The page's fault buttons: armed for the next time, or done at once. */
import { z } from "zod";
import type { FaultName } from "../page-api.ts";
import { done, refused, type ActAnswer, type Acting } from "../slack/people-acts.ts";

export const faultName = z.enum([
  "rate_limited",
  "server_error",
  "lost_answer",
  "socket_refresh",
  "redelivery",
  "mail_lost_answer",
  "calendar_server_error",
] satisfies FaultName[]);

export function causeFault({ name }: { name: FaultName }, { workspace }: Acting): ActAnswer {
  switch (name) {
    case "socket_refresh":
      if (workspace.dispatcher.via() === "http") return refused("The app gets requests by HTTP: there is no socket.");
      return workspace.socket.refresh() ? done : refused("No app is connected by Socket Mode.");
    case "redelivery":
      if (workspace.dispatcher.redeliver()) return done;
      return refused("No event has been sent yet: mention the bot or write to it first.");
    case "rate_limited":
    case "server_error":
    case "lost_answer":
    case "mail_lost_answer":
    case "calendar_server_error":
      workspace.faults.arm(name);
      return done;
    default:
      return name satisfies never;
  }
}

export function clearFault({ name }: { name: FaultName }, { workspace }: Acting): ActAnswer {
  workspace.faults.clear(name);
  return done;
}
