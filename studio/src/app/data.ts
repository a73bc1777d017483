import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { type Column, type FileEntry, type Port, type Preview, type PreviewListener, type PreviewPanel, type Problem, Refused, type Statistics, type StudioBackend } from "../api/backend";
import { type Components, componentOf, portOf } from "../graph/catalogue";
import type { GraphNode, Workflow } from "../graph/model";
import { currentNode, shownWorkflow, type StudioState } from "./studio";
import { useStudio, useStudioState } from "./context";

// The Server's data as views read them.

export type PreviewView =
  | { readonly kind: "loading" }
  | { readonly kind: "rows"; readonly preview: Preview }
  | { readonly kind: "failed"; readonly problems: readonly Problem[] };

const loading: PreviewView = { kind: "loading" };

/** The rows of a port; null: of none. What was there stays until the new rows come. */
export function usePreview(port: Port | null, limit: number): PreviewView {
  const { backend } = useStudio();
  const panel = usePanel(backend);
  const [got, setGot] = useState<{ key: string; view: PreviewView }>({ key: "", view: loading });
  const key = port ? spellPort(port) : "";
  useEffect(() => {
    panel.show(port, limit, {
      rows: (preview) => setGot({ key, view: { kind: "rows", preview } }),
      failed: (problems) => setGot({ key, view: { kind: "failed", problems } }),
    });
    // The key says all of the port.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [panel, key, limit]);
  return got.key === key ? got.view : loading;
}

/** A panel's own stream, for as long as the panel is on the screen. */
function usePanel(backend: StudioBackend): PreviewPanel {
  const [holder] = useState(() => new PanelHolder(backend));
  useEffect(() => () => holder.close(), [holder]);
  return holder;
}

/** Opens the stream when something is to be shown, again after it was closed. */
class PanelHolder implements PreviewPanel {
  private panel: PreviewPanel | undefined;

  constructor(private readonly backend: StudioBackend) {}

  show(port: Port | null, limit: number, listener: PreviewListener): void {
    if (!port && !this.panel) return;
    this.panel ??= this.backend.openPreview();
    this.panel.show(port, limit, listener);
  }

  close(): void {
    this.panel?.close();
    this.panel = undefined;
  }
}

export function useStatistics(port: Port | null): Statistics | null {
  const { backend } = useStudio();
  const [got, setGot] = useState<{ key: string; statistics: Statistics } | null>(null);
  const key = port ? spellPort(port) : "";
  useEffect(() => {
    if (!port) return undefined;
    return backend.watchStatistics(port, (statistics) => setGot({ key, statistics }));
    // The key says all of the port.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [backend, key]);
  return got?.key === key ? got.statistics : null;
}

function spellPort(p: Port): string {
  return `${p.document}/${p.workflow}/${p.node}/${p.output}`;
}

/** The columns that come in at each input of a node, as far as they are known. */
export function useInputColumns(w: Workflow, node: GraphNode, components: Components): readonly (readonly Column[])[] {
  const { backend } = useStudio();
  const document = useStudioState((s) => s.document);
  const ports = useMemo(() => inputPorts(w, node, components, document), [w, node, components, document]);
  const key = ports.map((p) => (p ? spellPort(p) : "")).join("|");
  const [columns, setColumns] = useState<{ key: string; of: readonly (readonly Column[])[] }>({ key: "", of: [] });
  useEffect(() => {
    const of: (readonly Column[])[] = ports.map(() => []);
    const panels = ports.map((p, i) => {
      if (!p) return undefined;
      const panel = backend.openPreview();
      panel.show(p, 1, {
        rows: (preview) => {
          of[i] = preview.columns;
          setColumns({ key, of: [...of] });
        },
        failed: () => undefined,
      });
      return panel;
    });
    return () => panels.forEach((panel) => panel?.close());
    // The key says all of the ports.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [backend, key]);
  return columns.key === key ? columns.of : [];
}

function inputPorts(w: Workflow, node: GraphNode, components: Components, document: string): (Port | null)[] {
  const spec = componentOf(components, node.component);
  return (spec?.inputs ?? []).map((input) => {
    const link = node.inputs.find((l) => spec && portOf(spec.inputs, l.port)?.name === input.name);
    const source = w.nodes.find((n) => n.id === link?.from.node);
    const from = source && componentOf(components, source.component);
    const output = link && from ? portOf(from.outputs, link.from.port) : undefined;
    return source && from && output ? { document, workflow: w.id, node: source.id, output: from.outputs.indexOf(output) } : null;
  });
}

export interface ShownPort {
  readonly port: Port;
  readonly outputs: readonly { readonly name: string; readonly label: string }[];
}

/** The output whose data show below; null when there is none. */
export function useShownPort(): ShownPort | null {
  const w = useStudioState(shownWorkflow);
  const id = useStudioState(currentNode);
  const name = useStudioState((s) => s.selection.port);
  const components = useStudioState((s) => s.components);
  const document = useStudioState((s: StudioState) => s.document);
  return useMemo(() => {
    const node = w.nodes.find((n) => n.id === id);
    const spec = node && componentOf(components, node.component);
    if (!node || !spec || spec.outputs.length === 0) return null;
    const output = Math.max(0, spec.outputs.findIndex((o) => o.name === name));
    return { port: { document, workflow: w.id, node: node.id, output }, outputs: spec.outputs };
  }, [w, id, name, components, document]);
}

interface FilesView {
  readonly files: readonly FileEntry[];
  /** The caller may change what is in the folder; undefined: it is not known yet. */
  readonly writable: boolean | undefined;
  readonly loading: boolean;
  readonly problems: readonly Problem[];
}

const noFiles: readonly FileEntry[] = [];
const noProblems: readonly Problem[] = [];

/** The entries of a folder, read anew when the page is looked at again. */
export function useFiles(backend: StudioBackend, folder: string, enabled = true): FilesView {
  const q = useQuery({ queryKey: ["files", folder], queryFn: ({ signal }) => backend.files(folder, signal), enabled, refetchOnWindowFocus: "always" });
  return { files: q.data?.files ?? noFiles, writable: q.data?.writable, loading: q.isPending, problems: q.error instanceof Refused ? q.error.problems : noProblems };
}

/** As many files under a folder as a search goes through. */
const enough = 2000;

/** All files under a folder, however deep. */
export function useFoundFiles(backend: StudioBackend, folder: string, enabled = true): readonly FileEntry[] {
  const q = useQuery({ queryKey: ["files", folder, "all"], queryFn: ({ signal }) => backend.findFiles(folder, enough, signal), enabled, staleTime: 10_000 });
  return q.data ?? noFiles;
}
