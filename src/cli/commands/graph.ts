/** `graph`: what depends on what in a flow; of an execution, how far it is. In words, as Mermaid, or drawn. */
import type { FlowDefinition } from "../../flow/flow.ts";
import type { Answer, Call, Command } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import { knownFlow } from "../known-names.ts";
import { pictureFile, pictureOption, writePicture } from "../picture-file.ts";
import type { Session } from "../session.ts";
import type { Seen } from "../views/graph.ts";

export const graph: Command = {
  word: "graph",
  usage: ["graph FLOW|EXECUTION [--mermaid] [--picture FILE]"],
  purpose: "the steps of a flow and what depends on what; of an execution, how far it is",
  options: {
    mermaid: { type: "flag", value: "", about: "as text for a page that draws Mermaid" },
    picture: pictureOption("draws it"),
  },
  examples: [
    { line: "graph renewal_management", about: "its steps, those that run at the same time side by side" },
    { line: "graph renewal_management --mermaid", about: "for a page of a repository" },
    { line: "graph 1j4m2k9aa-0f3c5d7e9b11", about: "an execution, step by step" },
  ],
  run: async (call) => {
    const [subject, ...others] = call.words;
    if (subject === undefined || others.length > 0) throw new UsageError("This command takes one flow or execution.");
    const file = pictureFile(call.options);
    if (file !== null && call.options.isSet("mermaid"))
      throw new UsageError("--mermaid is text and --picture is drawn: choose one.");
    const { inSession } = await import("../session.ts");
    return inSession(call, async (session) => answer(call, await seen(session, subject), file));
  },
};

/** A flow's id has no hyphen and each execution's has one, so one word can't mean both. */
async function seen(session: Session, subject: string): Promise<Seen> {
  if (!subject.includes("-")) return { definition: knownFlow(session, subject), shown: null };
  const execution = await session.engine.execution({ executionId: subject });
  return { definition: execution.definition, shown: { execution, now: session.now } };
}

async function answer({ options }: Call, asked: Seen, file: string | null): Promise<Answer> {
  const { graphDocument, graphText, mermaid } = await import("../views/graph.ts");
  if (file !== null) await draw(asked, file);
  return {
    document: { ...graphDocument(asked), picture: file },
    text: (paper) => {
      if (options.isSet("mermaid")) return mermaid(asked);
      const text = graphText(paper, asked);
      return file === null ? text : `${text}\n\nDrawn into ${file}.`;
    },
  };
}

async function draw(asked: Seen, file: string): Promise<void> {
  const { flowGraphSvg, mostStepsDrawn } = await import("../../notify/slack/pictures/flow-graph.ts");
  refuseTooMany(asked.definition, mostStepsDrawn);
  await writePicture(file, flowGraphSvg(asked));
}

function refuseTooMany({ steps }: FlowDefinition, most: number): void {
  if (steps.length > most)
    throw new CommandError([
      `This flow has ${steps.length} steps; more than ${most} can't be read in one picture. --mermaid has them all.`,
    ]);
}
