/** The bot in its container: Google's key becomes a file, the app starts as it does anywhere, and its log says how it does. */
import { placeGoogleKey } from "../runtime/google-key.ts";
import { tellVitals } from "./vitals.ts";

placeGoogleKey(process.env);
tellVitals({ port: process.env["PORT"] ?? "3000" });
await import("../../src/main.ts");
