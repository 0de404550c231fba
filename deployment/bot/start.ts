/** The bot in its container: Google's key becomes a file, then the app starts as it does anywhere. */
import { placeGoogleKey } from "../runtime/google-key.ts";

placeGoogleKey(process.env);
await import("../../src/main.ts");
