import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import type { MemoBox } from "./bind";
import css from "./canvas.module.css";

/** A text box on the canvas. */
export const MemoCard = memo(function MemoCard({ data }: NodeProps<MemoBox>) {
  const { text, size } = data.memo;
  return <div className={css.memo} style={size ? { width: size.x, minHeight: size.y } : undefined}>{text}</div>;
});
