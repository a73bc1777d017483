import {
  IconArrowBackUp, IconArrowForwardUp, IconBinaryTree2, IconBinaryTree, IconDeviceFloppy, IconClipboard, IconCopy, IconCut, IconDeselect, IconEdit, IconFocusCentered,
  IconArrowBarDown, IconArrowBarLeft, IconArrowBarRight, IconArrowBarUp, IconKeyboard, IconLanguage, IconLayoutBottombar, IconLayoutSidebar, IconLayoutSidebarRight, IconLink, IconPin, IconPlayerPlayFilled, IconStepInto, IconStepOut,
  IconPlayerStopFilled, IconSearch, IconSelectAll, IconSitemap, IconBrightness, IconTrash, IconZoomIn, IconZoomOut, IconBoxMultiple, IconHome,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { TextID } from "../i18n/catalogues";
import { pixels } from "../graph/command";
import { copyNodes, pasteCommand } from "../graph/clipboard";
import { freeSpot } from "../graph/hit";
import { autoLayout, grid } from "../graph/layout";
import { disconnectCommand, linkOf } from "../graph/links";
import type { Point } from "../graph/model";
import { freshIDs } from "../graph/predict";
import { downstream, upstream } from "../graph/query";
import { current, nothing, selectAll } from "../graph/selection";
import { goToPart } from "./parts";
import type { AppActions } from "./shell";
import type { Studio } from "./studio";
import type { ViewStore } from "./view";

/** What the canvas can do for commands. */
export interface CanvasControls {
  fit(): void;
  zoomIn(): void;
  zoomOut(): void;
  /** Where the next node goes when nobody says so: near the middle of what is seen. */
  middle(): Point;
  /** Brings a node into view. */
  reveal(id: string): void;
  /** Brings the keyboard to the current node, in view, else to the first, else to the empty canvas. */
  focus(): void;
}

export interface CommandContext {
  readonly studio: Studio;
  readonly view: ViewStore;
  readonly canvas: CanvasControls | null;
  readonly app: AppActions;
}

export type CommandGroup = "edit" | "select" | "view" | "run" | "app";

/** The groups in the order of menus. */
export const groups: readonly CommandGroup[] = ["edit", "select", "view", "run", "app"];

export interface AppCommand {
  readonly id: string;
  readonly label: TextID;
  readonly group: CommandGroup;
  readonly icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  /** Mod+Shift+Z; the first is shown. */
  readonly shortcuts?: readonly string[];
  /** The browser itself handles the keys: copy, cut, paste. */
  readonly native?: boolean;
  /** The keys act while somebody writes in a field, too. */
  readonly everywhere?: boolean;
  /** Too small for a menu: it is in the list of commands and of keys. */
  readonly small?: boolean;
  /** In the toolbar, and where. */
  readonly toolbar?: "history" | "edit" | "view" | "run";
  enabled(c: CommandContext): boolean;
  run(c: CommandContext): void;
}

const always = () => true;
const mayWrite = (c: CommandContext) => c.studio.state.writable;
const chosen = (c: CommandContext) => c.studio.state.selection.nodes.length > 0;
const one = (c: CommandContext) => c.studio.state.selection.nodes.length === 1;
const editChosen = (c: CommandContext) => mayWrite(c) && chosen(c);
const linked = (c: CommandContext) => c.studio.state.selection.link !== undefined;
const editOne = (c: CommandContext) => mayWrite(c) && one(c);

function toggle(key: "leftOpen" | "rightOpen" | "bottomOpen") {
  return (c: CommandContext) => c.view.setState((v) => ({ [key]: !v[key] }));
}

/** Puts the selected nodes into the clipboard. execCommand needs no secure context. */
function copy(c: CommandContext): void {
  const { studio } = c;
  studio.setClip(copyNodes(studio.shown(), studio.places(), studio.state.selection.nodes));
  document.execCommand("copy");
}

function remove(c: CommandContext): void {
  const { selection, workflow } = c.studio.state;
  const link = selection.link === undefined ? undefined : linkOf(c.studio.shown(), selection.link);
  if (link) {
    c.studio.do(disconnectCommand(workflow, link));
    c.studio.selectOnly(link.target); // which lacks something now
  } else c.studio.do({ kind: "remove_nodes", workflow, nodes: selection.nodes });
  c.canvas?.focus();
}

/** How far an arrow moves a node, in pixels: by the marks of the canvas. */
const step = 3 * grid;

function move(by: Point) {
  return (c: CommandContext) => {
    const { studio } = c;
    const places = Object.fromEntries(studio.state.selection.nodes.flatMap((id) => {
      const at = studio.places().get(id);
      return at ? [[id, pixels({ x: at.x + by.x * step, y: at.y + by.y * step })]] : [];
    }));
    studio.do({ kind: "move_nodes", workflow: studio.state.workflow, places });
  };
}

/** Pastes nodes from a text and selects them; whether it was one. */
export function pasteText(studio: Studio, text: string, at: Point): boolean {
  const { doc, workflow } = studio.state;
  const command = pasteCommand(text, workflow, freeSpot(studio.places().values(), at));
  if (!command || !doc) return false;
  const fresh = freshIDs(doc.shown, workflow, Object.keys(command.nodes));
  studio.do(command);
  studio.select({ nodes: [...fresh.values()], port: "" });
  return true;
}

/** Pastes near the middle of what is seen, and goes there; whether it was nodes. */
export function pasteHere(c: CommandContext, text: string): boolean {
  const done = pasteText(c.studio, text, c.canvas?.middle() ?? { x: 0, y: 0 });
  if (done) c.canvas?.focus();
  return done;
}

function duplicate(c: CommandContext): void {
  const { studio } = c;
  const ids = studio.state.selection.nodes;
  const text = copyNodes(studio.shown(), studio.places(), ids);
  const corners = ids.map((id) => studio.places().get(id) ?? { x: 0, y: 0 });
  const at = { x: Math.min(...corners.map((p) => p.x)) + 32, y: Math.min(...corners.map((p) => p.y)) + 96 };
  if (pasteText(studio, text, at)) c.canvas?.focus();
}

function arrange(c: CommandContext): void {
  const places = Object.fromEntries([...autoLayout(c.studio.shown())].map(([id, p]) => [id, pixels(p)]));
  c.studio.do({ kind: "move_nodes", workflow: c.studio.state.workflow, places });
  requestAnimationFrame(() => c.canvas?.fit());
}

function selectAlong(walk: typeof upstream) {
  return (c: CommandContext) => {
    const { studio } = c;
    const ids = studio.state.selection.nodes;
    const more = [...walk(studio.shown(), ids)].filter((id) => !ids.includes(id));
    studio.select({ nodes: [...more, ...ids], port: "" });
  };
}

function keep(c: CommandContext): void {
  const { studio } = c;
  const id = current(studio.state.selection);
  const node = studio.shown().nodes.find((n) => n.id === id);
  if (node) studio.do({ kind: "set_keep", workflow: studio.state.workflow, node: node.id, keep: !node.keep });
}

/** Every command, once: toolbar, menus, the list of commands and the keys are made of this. */
export const commands: readonly AppCommand[] = [
  { id: "undo", label: "cmd.undo", group: "edit", icon: IconArrowBackUp, shortcuts: ["Mod+Z"], toolbar: "history",
    enabled: (c) => mayWrite(c) && (c.studio.state.doc?.canUndo ?? false), run: (c) => c.studio.undo() },
  { id: "redo", label: "cmd.redo", group: "edit", icon: IconArrowForwardUp, shortcuts: ["Mod+Shift+Z", "Mod+Y"], toolbar: "history",
    enabled: (c) => mayWrite(c) && (c.studio.state.doc?.canRedo ?? false), run: (c) => c.studio.redo() },
  { id: "cut", label: "cmd.cut", group: "edit", icon: IconCut, shortcuts: ["Mod+X"], native: true, enabled: editChosen,
    run: (c) => { copy(c); remove(c); } },
  { id: "copy", label: "cmd.copy", group: "edit", icon: IconCopy, shortcuts: ["Mod+C"], native: true, enabled: chosen, run: copy },
  { id: "paste", label: "cmd.paste", group: "edit", icon: IconClipboard, shortcuts: ["Mod+V"], native: true,
    enabled: (c) => mayWrite(c) && c.studio.state.clip !== "",
    run: (c) => { pasteHere(c, c.studio.state.clip); } },
  { id: "duplicate", label: "cmd.duplicate", group: "edit", icon: IconBoxMultiple, shortcuts: ["Mod+D"], enabled: editChosen, run: duplicate },
  { id: "rename", label: "cmd.rename", group: "edit", icon: IconEdit, shortcuts: ["F2"], enabled: editOne,
    run: (c) => c.studio.rename(current(c.studio.state.selection) ?? "") },
  { id: "delete", label: "cmd.delete", group: "edit", icon: IconTrash, shortcuts: ["Delete", "Backspace"], enabled: (c) => mayWrite(c) && (chosen(c) || linked(c)), run: remove },
  { id: "link", label: "cmd.link", group: "edit", icon: IconLink, shortcuts: ["L"], enabled: editOne, run: (c) => c.view.setState({ linking: true }) },
  { id: "keep", label: "cmd.keep", group: "edit", icon: IconPin, enabled: editOne, run: keep },
  { id: "move_left", label: "cmd.move_left", group: "edit", icon: IconArrowBarLeft, shortcuts: ["Mod+ArrowLeft"], small: true, enabled: editChosen, run: move({ x: -1, y: 0 }) },
  { id: "move_right", label: "cmd.move_right", group: "edit", icon: IconArrowBarRight, shortcuts: ["Mod+ArrowRight"], small: true, enabled: editChosen, run: move({ x: 1, y: 0 }) },
  { id: "move_up", label: "cmd.move_up", group: "edit", icon: IconArrowBarUp, shortcuts: ["Mod+ArrowUp"], small: true, enabled: editChosen, run: move({ x: 0, y: -1 }) },
  { id: "move_down", label: "cmd.move_down", group: "edit", icon: IconArrowBarDown, shortcuts: ["Mod+ArrowDown"], small: true, enabled: editChosen, run: move({ x: 0, y: 1 }) },
  { id: "select_all", label: "cmd.select_all", group: "select", icon: IconSelectAll, shortcuts: ["Mod+A"], enabled: always,
    run: (c) => c.studio.select(selectAll(c.studio.shown())) },
  { id: "select_upstream", label: "cmd.select_upstream", group: "select", icon: IconBinaryTree2, shortcuts: ["Shift+ArrowLeft"], enabled: chosen, run: selectAlong(upstream) },
  { id: "select_downstream", label: "cmd.select_downstream", group: "select", icon: IconBinaryTree, shortcuts: ["Shift+ArrowRight"], enabled: chosen, run: selectAlong(downstream) },
  { id: "deselect", label: "cmd.deselect", group: "select", icon: IconDeselect, shortcuts: ["Escape"], enabled: (c) => chosen(c) || linked(c), run: (c) => c.studio.select(nothing) },
  { id: "arrange", label: "cmd.arrange", group: "view", icon: IconSitemap, shortcuts: ["Mod+Shift+L"], toolbar: "view",
    enabled: (c) => mayWrite(c) && c.studio.shown().nodes.length > 1, run: arrange },
  { id: "fit", label: "cmd.fit", group: "view", icon: IconFocusCentered, shortcuts: ["Mod+0"], toolbar: "view", enabled: always, run: (c) => c.canvas?.fit() },
  { id: "zoom_in", label: "cmd.zoom_in", group: "view", icon: IconZoomIn, shortcuts: ["+", "="], enabled: always, run: (c) => c.canvas?.zoomIn() },
  { id: "zoom_out", label: "cmd.zoom_out", group: "view", icon: IconZoomOut, shortcuts: ["-"], enabled: always, run: (c) => c.canvas?.zoomOut() },
  { id: "left", label: "cmd.left", group: "view", icon: IconLayoutSidebar, shortcuts: ["Mod+B"], everywhere: true, enabled: always, run: toggle("leftOpen") },
  { id: "bottom", label: "cmd.bottom", group: "view", icon: IconLayoutBottombar, shortcuts: ["Mod+J"], everywhere: true, enabled: always, run: toggle("bottomOpen") },
  { id: "right", label: "cmd.right", group: "view", icon: IconLayoutSidebarRight, shortcuts: ["Mod+Alt+B"], everywhere: true, enabled: always, run: toggle("rightOpen") },
  { id: "next_part", label: "cmd.next_part", group: "view", icon: IconStepInto, shortcuts: ["F6"], everywhere: true, small: true, enabled: always, run: (c) => goToPart(1, c.canvas) },
  { id: "previous_part", label: "cmd.previous_part", group: "view", icon: IconStepOut, shortcuts: ["Shift+F6"], everywhere: true, small: true, enabled: always, run: (c) => goToPart(-1, c.canvas) },
  { id: "run", label: "cmd.run", group: "run", icon: IconPlayerPlayFilled, shortcuts: ["F9", "Mod+Enter"], everywhere: true, toolbar: "run",
    enabled: (c) => c.studio.state.runnable && !c.studio.state.run?.active && c.studio.shown().nodes.length > 0,
    run: (c) => {
      c.view.setState({ tab: "run", bottomOpen: true });
      c.studio.run();
    } },
  { id: "cancel", label: "cmd.cancel", group: "run", icon: IconPlayerStopFilled, shortcuts: ["Shift+F9"], everywhere: true, toolbar: "run",
    enabled: (c) => c.studio.state.run?.active ?? false, run: (c) => c.studio.cancelRun() },
  { id: "save", label: "cmd.save", group: "app", icon: IconDeviceFloppy, shortcuts: ["Mod+S"], everywhere: true, enabled: mayWrite, run: (c) => c.studio.save() },
  { id: "palette", label: "cmd.palette", group: "app", icon: IconSearch, shortcuts: ["Mod+K"], everywhere: true, enabled: always,
    run: (c) => c.view.setState({ palette: true }) },
  { id: "find", label: "cmd.find", group: "app", icon: IconSearch, shortcuts: ["/"], enabled: always,
    run: (c) => {
      c.view.setState({ leftOpen: true });
      requestAnimationFrame(() => document.querySelector<HTMLInputElement>("[data-search]")?.focus());
    } },
  { id: "home", label: "cmd.home", group: "app", icon: IconHome, enabled: always, run: (c) => c.app.home() },
  { id: "theme", label: "cmd.theme", group: "app", icon: IconBrightness, enabled: always, run: (c) => c.app.toggleTheme() },
  { id: "language", label: "cmd.language", group: "app", icon: IconLanguage, enabled: always, run: (c) => c.app.toggleLanguage() },
  { id: "keys", label: "cmd.keys", group: "app", icon: IconKeyboard, shortcuts: ["?"], enabled: always, run: (c) => c.view.setState({ keys: true }) },
];

export function commandByID(id: string): AppCommand {
  const found = commands.find((c) => c.id === id);
  if (!found) throw new Error(`no command ${id}`);
  return found;
}
