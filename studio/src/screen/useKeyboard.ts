import { useEffect } from "react";
import { copyNodes } from "../graph/clipboard";
import { type CommandContext, commands, pasteText } from "../app/commands";
import { isMac, isWriting, matches } from "../app/shortcuts";

/** The keys of all commands, and the browser's own copy, cut and paste. */
export function useKeyboard(context: CommandContext): void {
  useEffect(() => {
    const mac = isMac();
    const down = (e: KeyboardEvent) => {
      if (e.defaultPrevented || document.querySelector("[role=dialog], [role=menu]")) return;
      const writing = isWriting(e.target);
      const c = commands.find((x) => !x.native && (x.everywhere || !writing) && x.shortcuts?.some((k) => matches(k, e, mac)));
      if (!c?.enabled(context)) return;
      e.preventDefault();
      c.run(context);
    };
    const { studio } = context;
    const take = (e: ClipboardEvent) => {
      if (isWriting(e.target) || window.getSelection()?.toString()) return;
      const text = copyNodes(studio.shown(), studio.places(), studio.state.selection.nodes);
      if (text === "" || !e.clipboardData) return;
      e.preventDefault();
      e.clipboardData.setData("text/plain", text);
      studio.setClip(text);
      if (e.type === "cut") studio.do({ kind: "remove_nodes", workflow: studio.state.workflow, nodes: studio.state.selection.nodes });
    };
    const put = (e: ClipboardEvent) => {
      if (isWriting(e.target)) return;
      const text = e.clipboardData?.getData("text/plain") ?? "";
      if (pasteText(studio, text, context.canvas?.middle() ?? { x: 0, y: 0 })) e.preventDefault();
    };
    window.addEventListener("keydown", down);
    document.addEventListener("copy", take);
    document.addEventListener("cut", take);
    document.addEventListener("paste", put);
    return () => {
      window.removeEventListener("keydown", down);
      document.removeEventListener("copy", take);
      document.removeEventListener("cut", take);
      document.removeEventListener("paste", put);
    };
  }, [context]);
}
