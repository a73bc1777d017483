import type { Problem, ServiceProblem } from "../api/backend";
import { getAt, isMap, type Json, own } from "../graph/json";
import { readRef } from "../graph/model";

/** Whether a package declares services. */
export function declaresServices(tree: Json): boolean {
  const services = getAt(tree, ["services"]);
  return isMap(services) && Object.keys(services).length > 0;
}

/** Why services of a package are not published: each at the node that it speaks of, else at the one whose rows are the answer. */
export function unpublished(all: readonly ServiceProblem[], path: string, tree: Json): readonly Problem[] {
  return all.filter((s) => s.path === path).flatMap((s) => s.problems.map((p): Problem => {
    const operation = getAt(tree, ["services", s.service, s.operation]);
    const node = p.place.node || (isMap(operation) ? answering(operation) : "");
    const workflow = p.place.workflow || (isMap(operation) ? text(own(operation, "workflow")) : "");
    return { ...p, place: { ...p.place, workflow, node }, service: [s.service, s.operation].filter(Boolean).join("/") };
  }));
}

function answering(operation: { readonly [key: string]: Json }): string {
  return readRef(text(own(operation, "output"))).node;
}

function text(v: Json | undefined): string {
  return typeof v === "string" ? v : "";
}
