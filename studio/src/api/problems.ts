import { Code, ConnectError } from "@connectrpc/connect";

import { type Problem, Refused } from "./backend";
import { LoadError } from "./load";
import { type Error as WireError, ErrorSchema } from "./gen/weft/v1/errors_pb";

/** Ids of what only Studio can tell, since no Server answered. */
export type OwnID = "studio.lost" | "studio.replaced" | "studio.signed_out" | "studio.failed" | "studio.too_large" | "studio.unloaded";

/** Puts what Studio itself has to tell into the reader's language. */
export type Say = (id: OwnID) => string;

const nowhere: Problem["place"] = { workflow: "", node: "", setting: "" };

export function problemOf(e: WireError): Problem {
  const { workflow = "", node = "", setting = "" } = e.place ?? {};
  return { id: e.id, kind: e.kind, text: e.text, place: { workflow, node, setting }, params: e.params };
}

/** The reasons of a failed call: the Server's own, or what Studio can tell. */
export function refusedBy(err: unknown, say: Say): Refused {
  if (err instanceof Refused) return err;
  if (err instanceof LoadError) return new Refused([ownProblem("studio.unloaded", say)]);
  const e = ConnectError.from(err);
  const told = e.findDetails(ErrorSchema).map(problemOf);
  return new Refused(told.length > 0 ? told : [ownProblem(ownID(e.code), say, e.rawMessage)]);
}

export function ownProblem(id: OwnID, say: Say, detail = ""): Problem {
  const text = say(id);
  return { id, kind: "failed", text: id === "studio.failed" && detail !== "" ? `${text} (${detail})` : text, place: nowhere };
}

function ownID(code: Code): OwnID {
  switch (code) {
    case Code.Unavailable:
      return "studio.lost";
    case Code.Unauthenticated:
      return "studio.signed_out";
    default:
      return "studio.failed";
  }
}

/** Whether the call may work when it is made again: the connection broke, or the Server is about to stop. */
export function isPassing(err: unknown): boolean {
  if (!(err instanceof ConnectError) || err.code !== Code.Unavailable) return false;
  // With reasons it is the Server's own answer: a part of it is away.
  const told = err.findDetails(ErrorSchema);
  return told.length === 0 || told.some((e) => e.id === "rpc.stopping");
}

/** Whether the Server does not have a document open, as after its restart. */
export function isNotOpen(p: Problem): boolean {
  return p.id === "document.not_open";
}
