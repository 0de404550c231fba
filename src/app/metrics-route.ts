/** `/metrics`: how things stand, for Prometheus. It names flows, never a customer or a person. */
import type { RequestHandler } from "../bot/http-receiver.ts";
import type { FlowGauges } from "../engine/metrics-gauges.ts";
import type { Routes } from "./http-server.ts";
import { prometheusText, prometheusType } from "./prometheus.ts";

/** `app` gives null while it starts. */
export function metricsRoutes(app: () => { gauges(): Promise<FlowGauges[]> } | null): Routes {
  const handle: RequestHandler = async (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
      return;
    }
    const gauges = await app()?.gauges();
    if (gauges === undefined) response.writeHead(503, { "content-type": "text/plain" }).end("the app is starting\n");
    else
      response
        .writeHead(200, { "content-type": prometheusType, "cache-control": "no-store" })
        .end(prometheusText(gauges));
  };
  return { "/metrics": handle };
}
