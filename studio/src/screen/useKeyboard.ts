import { useEffect } from "react";
import { copyNodes } from "../graph/clipboard";
import { type AppCommand, type CommandContext, commandByID, commands, pasteHere } from "../app/commands";
import { isMac, isWriting, matches } from "../app/shortcuts";

/** Whether a key is pressed in a table, which has arrows and a selection of its own. */
function inTable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[role=grid]") !== null;
}

/** What would be done to nodes that nobody looks at who is in a table. */
function ofNodes(c: AppCommand): boolean {
  return c.group === "select" || (c.group === "edit" && c.id !== "undo" && c.id !== "redo");
}

/** Copies the cell that the keyboard is at. */
function takeCell(e: ClipboardEvent): void {
  const cell = e.target instanceof Element ? e.target.closest<HTMLElement>("[role=gridcell]") : null;
  if (!cell || e.type !== "copy" || !e.clipboardData) return;
  e.preventDefault();
  e.clipboardData.setData("text/plain", cell.innerText);
}

/** The keys of all commands, and the browser's own copy, cut and paste. */
export function useKeyboard(context: CommandContext): void {
  useEffect(() => {
    const mac = isMac();
    // Asked before anybody hears the key: Escape may close what is open.
    let covered = false;
    const first = () => {
      covered = document.querySelector("[role=dialog], [role=menu]") !== null;
    };
    const down = (e: KeyboardEvent) => {
      if (e.defaultPrevented || covered) return;
      const writing = isWriting(e.target);
      const own = inTable(e.target);
      const c = commands.find((x) => !x.native && (x.everywhere || !writing) && !(own && ofNodes(x)) && x.shortcuts?.some((k) => matches(k, e, mac)));
      if (!c?.enabled(context)) return;
      e.preventDefault();
      c.run(context);
    };
    const { studio } = context;
    const take = (e: ClipboardEvent) => {
      const onNode = e.target instanceof Element && e.target.closest("[data-part=canvas]") !== null;
      if (isWriting(e.target) || (!onNode && window.getSelection()?.toString())) return;
      if (inTable(e.target)) return takeCell(e);
      const text = copyNodes(studio.shown(), studio.places(), studio.state.selection.nodes);
      if (text === "" || !e.clipboardData) return;
      e.preventDefault();
      e.clipboardData.setData("text/plain", text);
      studio.setClip(text);
      if (e.type === "cut" && studio.state.writable) commandByID("delete").run(context);
    };
    const put = (e: ClipboardEvent) => {
      if (isWriting(e.target)) return;
      const text = e.clipboardData?.getData("text/plain") ?? "";
      if (studio.state.writable && pasteHere(context, text)) e.preventDefault();
    };
    window.addEventListener("keydown", first, { capture: true });
    window.addEventListener("keydown", down);
    document.addEventListener("copy", take);
    document.addEventListener("cut", take);
    document.addEventListener("paste", put);
    return () => {
      window.removeEventListener("keydown", first, { capture: true });
      window.removeEventListener("keydown", down);
      document.removeEventListener("copy", take);
      document.removeEventListener("cut", take);
      document.removeEventListener("paste", put);
    };
  }, [context]);
}
