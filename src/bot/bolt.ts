/**
 * What is used of Bolt when it runs, by its own files: its index loads a web server and a receiver for Lambda besides, which nobody
 * here asks for and every start would wait for.
 */
import { createRequire } from "node:module";

type AppFile = typeof import("@slack/bolt/dist/App.js");
type ReceiverFile = typeof import("@slack/bolt/dist/receivers/SocketModeReceiver.js");

const load = createRequire(import.meta.url);
const { default: app }: AppFile = load("@slack/bolt/dist/App.js");
const { default: socketMode }: ReceiverFile = load("@slack/bolt/dist/receivers/SocketModeReceiver.js");

export { app as App, socketMode as SocketModeReceiver };
