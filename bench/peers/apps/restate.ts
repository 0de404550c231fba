/** Restate: a service's handler with five `ctx.run`, called through the server's ingress. */
import { createServer, type Http2Server } from "node:http2";
import { type Context, createEndpointHandler, service } from "@restatedev/restate-sdk";
import { type App, type OpenApp, result, stepsPerFlow, type Watcher } from "../flow.ts";

const name = "FiveSteps";

export const openRestate: OpenApp = async ({ address, port }, watcher): Promise<App> => {
  const server = createServer(createEndpointHandler({ services: [fiveSteps(watcher)] }));
  await listen(server, port);
  const call = async (id: string, path: "run" | "run/send") => {
    const response = await fetch(`${address}/${name}/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": id },
      body: JSON.stringify(id),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${id}: ${response.status} ${text}`);
  };
  return {
    run: async (ids) => {
      await Promise.all(ids.map((id) => call(id, "run")));
    },
    begin: async (ids, accepted) => {
      await Promise.all(ids.map((id) => call(id, "run/send").then(() => accepted(id))));
    },
    close: async () => {
      server.close();
    },
  };
};

/** The server is told where the service is; it keeps that. */
export async function registerRestate({ admin, port }: { admin: string; port: number }): Promise<void> {
  const response = await fetch(`${admin}/deployments`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ uri: `http://127.0.0.1:${port}` }),
  });
  if (!response.ok) throw new Error(`Restate refused the service: ${await response.text()}`);
}

function fiveSteps(watcher: Watcher) {
  return service({
    name,
    handlers: {
      run: async (ctx: Context, id: string) => {
        for (let number = 1; number <= stepsPerFlow; number += 1) {
          await ctx.run(`step_${number}`, () => {
            watcher.step(id, number);
            return result;
          });
        }
        watcher.ended(id);
      },
    },
  });
}

function listen(server: Http2Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}
