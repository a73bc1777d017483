import { BaseEdge, type EdgeProps, getBezierPath } from "@xyflow/react";
import { memo } from "react";
import type { CanvasEdge } from "./bind";
import css from "./canvas.module.css";

/** A link. Those along the selected node's data are drawn as the thread. */
export const Thread = memo(function Thread(p: EdgeProps<CanvasEdge>) {
  const [path] = getBezierPath({ ...p, curvature: 0.32 });
  const tone = p.selected ? "selected" : (p.data?.tone ?? "plain");
  return <BaseEdge id={p.id} path={path} interactionWidth={16} className={css[`thread_${tone}`]} />;
});
