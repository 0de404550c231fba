/** The Restate server of its npm package, one node, with its own defaults for durability. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { registerRestate } from "../apps/restate.ts";
import { freePort, type Server, startProcess } from "./server.ts";

export async function startRestate(folder: string): Promise<Server & { register: (port: number) => Promise<void> }> {
  const [ingress, admin, node] = [await freePort(), await freePort(), await freePort()];
  const address = `http://127.0.0.1:${ingress}`;
  const adminAddress = `http://127.0.0.1:${admin}`;
  const server = await startProcess({
    command: binary(),
    args: ["--node-name", "peer", "--base-dir", folder],
    options: {
      env: {
        ...process.env,
        RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
        RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
        RESTATE_BIND_ADDRESS: `127.0.0.1:${node}`,
        RESTATE_ADVERTISED_ADDRESS: `http://127.0.0.1:${node}`,
        RESTATE_LOG_FILTER: "error",
      },
      stdio: "ignore",
    },
    address,
    isReady: async () => {
      const [one, other] = await Promise.all([fetch(`${address}/restate/health`), fetch(`${adminAddress}/health`)]);
      return one.ok && other.ok;
    },
  });
  return { ...server, register: (port) => registerRestate({ admin: adminAddress, port }) };
}

/** The package for this system holds it. */
function binary(): string {
  const own = createRequire(import.meta.url).resolve("@restatedev/restate-server/package.json");
  const name = `@restatedev/restate-server-${process.platform}-${process.arch}/package.json`;
  return join(dirname(createRequire(own).resolve(name)), "bin", "restate-server");
}
