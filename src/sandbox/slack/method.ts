/** What a Web API method is: arguments and workspace in, body out; a refusal is thrown. */
import type { MethodArguments } from "./method-arguments.ts";
import type { SlackWorkspace } from "./workspace.ts";

export type Method = (args: MethodArguments, workspace: SlackWorkspace) => Record<string, unknown>;
