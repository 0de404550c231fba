/** Redis with its append-only file: `redis-server` of the path, or the one that REDIS_SERVER names. */
import { Redis } from "ioredis";
import { freePort, type Server, startProcess } from "./server.ts";

export async function startRedis(folder: string, fsync: "everysec" | "always"): Promise<Server> {
  const port = await freePort();
  const args = ["--port", port, "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "yes"];
  return startProcess({
    command: process.env["REDIS_SERVER"] ?? "redis-server",
    args: [...args.map(String), "--appendfsync", fsync, "--loglevel", "warning"],
    address: `redis://127.0.0.1:${port}`,
    isReady: async () => {
      const redis = new Redis({ host: "127.0.0.1", port, lazyConnect: true, retryStrategy: () => null });
      redis.on("error", () => {});
      try {
        await redis.connect();
        return (await redis.ping()) === "PONG";
      } finally {
        redis.disconnect();
      }
    },
  });
}
