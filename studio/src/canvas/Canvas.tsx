import "@xyflow/react/dist/base.css";
import {
  Background, BackgroundVariant, type Connection, type EdgeChange, MiniMap, type NodeChange, Panel, ReactFlow, ReactFlowProvider, useReactFlow, useStore, type Viewport,
} from "@xyflow/react";
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconFocusCentered, IconMinus, IconPlus } from "@tabler/icons-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { addNode, addSource } from "../app/add";
import type { CanvasControls } from "../app/commands";
import { useStudio, useStudioState } from "../app/context";
import { dragType, fileDragType } from "../app/drag";
import { sniff } from "../app/sniff";
import { DropZone } from "../home/DropZone";
import { folderOf } from "../app/paths";
import { useShell } from "../app/shell";
import { nodeStatuses } from "../app/states";
import { shownPlaces, shownWorkflow } from "../app/studio";
import { componentOf, writtenInput, writtenOutput } from "../graph/catalogue";
import { pixels } from "../graph/command";
import { nodeRect, opening } from "../graph/hit";
import { connectCommand, disconnectCommand, linkOf } from "../graph/links";
import { nodeSize, snap } from "../graph/layout";
import type { Point } from "../graph/model";
import { canConnect } from "../graph/ports";
import { upstream } from "../graph/query";
import { nothing, selectLink } from "../graph/selection";
import { useText } from "../i18n/i18n";
import { Empty } from "../ui/Empty";
import { Binder, peopleByNode, tabStop, type CanvasEdge, type CanvasNode, memoPrefix, type Scene } from "./bind";
import css from "./canvas.module.css";
import { focusNode, held, pressed } from "./keyboard";
import { MemoCard } from "./MemoCard";
import { NodeCard } from "./NodeCard";
import { Thread } from "./Thread";

const nodeTypes = { card: NodeCard, memo: MemoCard };
const edgeTypes = { thread: Thread };

/** Below this zoom no text but labels can be made out, and nothing else is drawn. */
const isFar = (s: { readonly transform: readonly [number, number, number] }) => s.transform[2] < 0.45;

/** By how many pixels a hand may slip in a click. */
const clickRoom = 4;

/** Below this zoom labels are hard to read. */
const readable = 0.8;

interface Props {
  readonly onControls: (c: CanvasControls | null) => void;
}

export function Canvas(p: Props) {
  return (
    <ReactFlowProvider>
      <Flow {...p} />
    </ReactFlowProvider>
  );
}

type Size = { width: number; height: number };

function Flow({ onControls }: Props) {
  const { t } = useText();
  const studio = useStudio();
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const workflow = useStudioState(shownWorkflow);
  const places = useStudioState(shownPlaces);
  const components = useStudioState((s) => s.components);
  const problems = useStudioState((s) => s.problems);
  const unpublished = useStudioState((s) => s.unpublished);
  const run = useStudioState((s) => s.run);
  const selection = useStudioState((s) => s.selection);
  const renaming = useStudioState((s) => s.renaming);
  const others = useStudioState((s) => s.others);
  const writable = useStudioState((s) => s.writable);
  const opened = useStudioState((s) => s.doc !== null);
  const { transfers } = useShell();
  const far = useStore(isFar);
  const box = useRef<HTMLDivElement>(null);
  const [ready, setReady] = useState(false);
  const [dragged, setDragged] = useState<ReadonlyMap<string, Point>>(new Map());
  const [measured, setMeasured] = useState<ReadonlyMap<string, Size>>(new Map());
  const [binder] = useState(() => new Binder());

  const statuses = useMemo(() => nodeStatuses(workflow, components, problems, run, unpublished), [workflow, components, problems, run, unpublished]);
  const scene = useMemo((): Scene => {
    const along = upstream(workflow, selection.nodes);
    const words = { node: t("canvas.role_node"), link: t("canvas.role_link"), between: (from: string, to: string) => t("canvas.link", { from, to }) };
    return { workflow, places, components, statuses, selected: selection.nodes, link: selection.link, renaming, dragged, measured, along, words, others: peopleByNode(others.values(), workflow.id) };
  }, [workflow, places, components, statuses, selection, renaming, dragged, measured, others, t]);
  const nodes = useMemo(() => binder.bindNodes(scene), [binder, scene]);
  const links = useMemo(() => binder.bindEdges(scene), [binder, scene]);

  /** Brings a node into view, where it is not. */
  const show = useCallback((id: string) => {
    const at = shownPlaces(studio.state).get(id);
    const room = document.querySelector("[data-canvas]")?.getBoundingClientRect();
    if (!at || !room) return;
    const { x, y, zoom } = flow.getViewport();
    const r = nodeRect(at);
    const seen = r.x * zoom + x >= 0 && r.y * zoom + y >= 0 && (r.x + r.width) * zoom + x <= room.width && (r.y + r.height) * zoom + y <= room.height;
    if (!seen) void flow.setCenter(at.x + nodeSize.width / 2, at.y + nodeSize.height / 2, { zoom, duration: 160 });
  }, [flow, studio]);

  const reveal = useCallback((id: string) => {
    show(id);
    focusNode(id);
  }, [show]);

  /** Brings the keyboard to the node that it is for, else to the empty canvas. */
  const focus = useCallback(() => {
    const { state } = studio;
    const id = tabStop({ workflow: shownWorkflow(state), places: shownPlaces(state), selected: state.selection.nodes });
    if (id === undefined) document.querySelector<HTMLElement>("[data-canvas]")?.focus();
    else reveal(id);
  }, [reveal, studio]);

  useEffect(() => {
    onControls({
      fit: () => void flow.fitView({ padding: 0.12, maxZoom: 1, duration: 160 }),
      zoomIn: () => void flow.zoomIn({ duration: 100 }),
      zoomOut: () => void flow.zoomOut({ duration: 100 }),
      middle: () => {
        const box = document.querySelector("[data-canvas]")?.getBoundingClientRect();
        const p = flow.screenToFlowPosition({ x: (box?.left ?? 0) + (box?.width ?? 0) / 2, y: (box?.top ?? 0) + (box?.height ?? 0) / 2 });
        return { x: p.x - nodeSize.width / 2, y: p.y - nodeSize.height / 2 };
      },
      reveal: show,
      focus,
    });
    return () => onControls(null);
  }, [flow, onControls, show, focus]);

  // The canvas may be there before the document is, and the other way round.
  useEffect(() => {
    const room = document.querySelector("[data-canvas]")?.getBoundingClientRect();
    if (!room || !ready || !opened) return;
    const at = [...shownPlaces(studio.state).values(), ...shownWorkflow(studio.state).memos.map((m) => m.at)];
    void flow.setViewport(opening(at, room, readable));
  }, [flow, ready, opened, studio]);

  const changeNodes = (changes: NodeChange<CanvasNode>[]) => {
    const moves = new Map(dragged);
    const sizes = new Map(measured);
    let chosen: string[] | null = null;
    for (const c of changes) {
      if (c.type === "position" && c.position && c.dragging) moves.set(c.id, c.position);
      else if (c.type === "dimensions" && c.dimensions) sizes.set(c.id, c.dimensions);
      else if (c.type === "select" && !c.id.startsWith(memoPrefix)) {
        chosen = (chosen ?? [...studio.state.selection.nodes]).filter((id) => id !== c.id);
        if (c.selected) chosen.push(c.id);
      }
    }
    if (changes.some((c) => c.type === "position" && c.dragging)) setDragged(moves);
    if (changes.some((c) => c.type === "dimensions")) setMeasured(sizes);
    // A link that is chosen unchooses the nodes.
    if (chosen && (chosen.length > 0 || studio.state.selection.link === undefined)) studio.select({ nodes: chosen, port: "" });
  };

  const dropped = (_e: unknown, _n: CanvasNode, moved: CanvasNode[]) => {
    const cards = moved.filter((n) => n.type === "card");
    const places = Object.fromEntries(cards.map((n) => [n.id, pixels(snap(n.position))]));
    if (cards.length > 0) studio.do({ kind: "move_nodes", workflow: workflow.id, places });
    for (const n of moved) {
      if (n.type !== "memo") continue;
      const { memo } = n.data;
      studio.do({ kind: "set_memo", workflow: workflow.id, id: memo.id, memo: { text: memo.text, at: pixels(snap(n.position)), ...(memo.size && { size: pixels(memo.size) }) } });
    }
    setDragged(new Map());
  };

  const connect = (c: Connection) => {
    const source = componentOf(components, workflow.nodes.find((n) => n.id === c.source)?.component ?? "");
    const target = componentOf(components, workflow.nodes.find((n) => n.id === c.target)?.component ?? "");
    if (!source || !target) return;
    studio.do(connectCommand(workflow.id, {
      source: c.source, sourcePort: writtenOutput(source, c.sourceHandle ?? ""), target: c.target, targetPort: writtenInput(target, c.targetHandle ?? ""),
    }));
  };

  const changeEdges = (changes: EdgeChange<CanvasEdge>[]) => {
    for (const c of changes) {
      if (c.type !== "select") continue;
      if (c.selected) studio.select(selectLink(c.id));
      else if (studio.state.selection.link === c.id) studio.select(nothing);
    }
  };

  const part = (id: string) => {
    const link = linkOf(workflow, id);
    if (link) studio.do(disconnectCommand(workflow.id, link));
  };

  /** Where the corner of a card comes to lie whose middle is at a point of the screen. */
  const corner = (p: Point): Point => {
    const at = flow.screenToFlowPosition(p);
    return { x: at.x - nodeSize.width / 2, y: at.y - nodeSize.height / 2 };
  };

  /** Uploads files beside the package, and adds the nodes that read them. What can't be read is told, and nothing is made of it. */
  const takeFiles = async (files: File[], point: Point) => {
    let n = 0;
    // A file that the browser itself can't read is told by its upload.
    const looked = await Promise.all(files.map(async (file) => ({ file, why: await sniff(components, file).catch(() => null) })));
    studio.tellUnread(looked.flatMap(({ file, why }) => (why ? [{ name: file.name, why }] : [])));
    transfers.upload(looked.filter((l) => l.why === null).map((l) => l.file), folderOf(studio.state.path), (f) => {
      const at = corner(point);
      addSource(studio, f.path, at, { x: at.x, y: at.y + 96 * n++ });
    });
  };

  const keys = (e: React.KeyboardEvent) => {
    if (!renaming && pressed(e, e.target, studio, reveal)) e.preventDefault();
  };

  // A node that goes with the keyboard, as by an undo, leaves it to another.
  const holder = useRef<string | undefined>(undefined);
  useEffect(() => {
    const id = holder.current;
    if (id === undefined || workflow.nodes.some((n) => n.id === id)) return;
    holder.current = undefined;
    if (document.activeElement === document.body) focus();
  }, [workflow, focus]);

  const entered = (e: React.FocusEvent) => {
    const { node } = held(e.target);
    holder.current = node;
    if (node !== undefined && e.target.matches(":focus-visible")) show(node);
  };

  // While it moves, the picture is shifted as it is, and the pointer is over
  // nothing in it; it is drawn anew when it rests. A press where nodes can't be
  // dragged begins a move too, and is a click as long as it stays about there.
  const from = useRef<Viewport>({ x: 0, y: 0, zoom: 1 });
  const moved = (v: Viewport) => {
    const { x, y, zoom } = from.current;
    if (v.zoom !== zoom || Math.hypot(v.x - x, v.y - y) > clickRoom) box.current?.toggleAttribute("data-moving", true);
  };

  return (
    <div
      ref={box} data-far={far} className={css.canvas} data-canvas data-part="canvas" role="region" aria-label={t("canvas.title")} tabIndex={-1} onKeyDownCapture={keys} onFocusCapture={entered}
      onDragOver={(e) => { if (e.dataTransfer.types.includes(dragType) || e.dataTransfer.types.includes(fileDragType)) e.preventDefault(); }}
      onDrop={(e) => {
        const spec = components.get(e.dataTransfer.getData(dragType));
        const file = e.dataTransfer.getData(fileDragType);
        const at = corner({ x: e.clientX, y: e.clientY });
        if (spec) addNode(studio, spec, at, at);
        else if (file !== "") addSource(studio, file, at, at);
      }}
    >
      <DropZone enabled={writable} label={t("canvas.drop")} onFiles={(files, at) => void takeFiles(files, at)} className={css.fill}>
      <ReactFlow<CanvasNode, CanvasEdge>
        nodes={nodes} edges={links} nodeTypes={nodeTypes} edgeTypes={edgeTypes}
        onNodesChange={changeNodes} onEdgesChange={changeEdges} onNodeDragStop={dropped} onSelectionDragStop={(e, moved) => moved[0] && dropped(e, moved[0], moved)}
        onConnect={connect}
        nodesDraggable={writable} nodesConnectable={writable} isValidConnection={(c) => canConnect(workflow, components, { source: c.source, sourcePort: c.sourceHandle ?? "", target: c.target, targetPort: c.targetHandle ?? "" }) === "ok"}
        onNodeDoubleClick={(_e, n) => { if (n.type === "card") studio.rename(n.id); }}
        onEdgeDoubleClick={(_e, edge) => part(edge.id)}
        onMoveStart={(_e, v) => { from.current = v; }} onMove={(_e, v) => moved(v)} onMoveEnd={() => box.current?.removeAttribute("data-moving")} onInit={() => setReady(true)} minZoom={0.1} maxZoom={2} snapToGrid={false} deleteKeyCode={null} selectionKeyCode="Shift" multiSelectionKeyCode={["Control", "Meta"]}
        panOnScroll={false} onlyRenderVisibleElements={workflow.nodes.length > 200} proOptions={{ hideAttribution: true }} connectionRadius={28} elevateNodesOnSelect={false}
        disableKeyboardA11y ariaLabelConfig={{ "node.a11yDescription.keyboardDisabled": "", "edge.a11yDescription.default": "" }}
      >
        <Background variant={BackgroundVariant.Cross} gap={24} size={5} lineWidth={0.7} color="var(--w-canvas-mark)" />
        {workflow.nodes.length > 14 && <MiniMap pannable className={css.minimap} nodeColor="var(--w-line-strong)" maskColor="transparent" ariaLabel={t("canvas.title")} />}
        <Panel position="bottom-left" className={css.zoom}>
          <ZoomButton label={t("cmd.zoom_in")} onClick={() => void flow.zoomIn({ duration: 100 })}><IconPlus size={14} /></ZoomButton>
          <ZoomButton label={t("cmd.zoom_out")} onClick={() => void flow.zoomOut({ duration: 100 })}><IconMinus size={14} /></ZoomButton>
          <ZoomButton label={t("cmd.fit")} onClick={() => void flow.fitView({ padding: 0.12, maxZoom: 1, duration: 160 })}><IconFocusCentered size={14} /></ZoomButton>
        </Panel>
      </ReactFlow>
      </DropZone>
      {workflow.nodes.length === 0 && <div className={css.emptyCanvas}><Empty title={t("canvas.empty")}>{writable && t("canvas.empty_hint")}</Empty></div>}
    </div>
  );
}

function ZoomButton({ label, onClick, children }: { readonly label: string; readonly onClick: () => void; readonly children: React.ReactNode }) {
  return (
    <Tooltip label={label} position="right">
      <ActionIcon size={26} aria-label={label} onClick={onClick}>{children}</ActionIcon>
    </Tooltip>
  );
}
