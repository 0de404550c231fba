/** Puts together how the app is reached, and changes it while everything runs, as an app's settings page at Slack does. */
import type { After } from "../after.ts";
import type { PageFeed } from "../page-server/page-feed.ts";
import type { SandboxClock } from "../sandbox-clock.ts";
import type { Traffic } from "../traffic.ts";
import type { DeliverySetting } from "./delivery.ts";
import { Dispatcher, type Way } from "./dispatcher.ts";
import { HttpDelivery } from "./http-delivery.ts";
import type { Identity } from "./identity.ts";
import type { Fields } from "./problems.ts";
import { SocketMode } from "./socket-mode.ts";
import type { SlackWorkspace } from "./workspace.ts";

interface WayToAppParameters {
  delivery: DeliverySetting;
  identity: Identity;
  traffic: Traffic;
  feed: PageFeed;
  clock: SandboxClock;
  after: After;
  randomHex: (bytes: number) => string;
  realNow: () => number;
}

export function createWayToApp(
  parameters: WayToAppParameters,
): Pick<SlackWorkspace, "socket" | "dispatcher" | "deliverBy"> {
  const { delivery, identity, traffic, feed, clock, after, randomHex, realNow } = parameters;
  const connectedChanged = (connected: boolean): void => feed.publish({ type: "bot", connected });
  /** The way that isn't used may come and go. */
  const changed = (via: Way["via"]) => (connected: boolean) => {
    if (dispatcher.via() === via) connectedChanged(connected);
  };
  const told = (frame: Fields): void => {
    const name = String(frame["type"]);
    // Nothing but the page's button asks for a refresh.
    const fault = frame["reason"] === "refresh_requested" ? "socket_refresh" : null;
    traffic.begin({ direction: "to_app", via: "socket", name, request: frame }).end({ status: "ok", fault });
  };
  const { appId, verificationToken } = identity;
  const socket = new SocketMode({ appId, realNow, randomHex, after, told, connectedChanged: changed("socket") });
  const http = ({ url, signingSecret }: { url: string; signingSecret: string }): HttpDelivery => {
    const options = { url, signingSecret, verificationToken, realNow, after };
    return new HttpDelivery({ ...options, connectedChanged: changed("http") });
  };
  const bySocket: Way = { via: "socket", transport: socket };
  const dispatcher = new Dispatcher({
    way: delivery.kind === "http" ? { via: "http", transport: http(delivery) } : bySocket,
    identity,
    traffic,
    now: () => clock.now(),
    randomHex,
    after,
    connectedChanged,
  });
  const deliverBy = async (setting: DeliverySetting): Promise<string | null> => {
    if (setting.kind === "socket") {
      dispatcher.setWay(bySocket);
      return null;
    }
    const transport = http(setting);
    const name = "url_verification";
    const passage = traffic.begin({ direction: "to_app", via: "http", name, request: { url: setting.url } });
    const problem = await transport.verify(randomHex(16));
    passage.end({ status: problem === null ? "ok" : "refused", answer: problem });
    if (problem === null) dispatcher.setWay({ via: "http", transport });
    return problem;
  };
  return { socket, dispatcher, deliverBy };
}
