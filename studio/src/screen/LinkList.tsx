import { IconLink, IconUnlink } from "@tabler/icons-react";
import { useMemo } from "react";
import { useCommandContext, useStudio, useView } from "../app/context";
import type { Studio } from "../app/studio";
import { componentOf, type PortSpec, portOf } from "../graph/catalogue";
import { connectCommand, disconnectCommand, linkID, linksAt, possibleLinks } from "../graph/links";
import { current } from "../graph/selection";
import { type Translate, useText } from "../i18n/i18n";
import { visible } from "../ui/visible";
import { type Entry, Finder } from "./Finder";

/** The links of the selected node: those that may be made, and those that are there, to part them. */
export function LinkList() {
  const open = useView((v) => v.linking);
  return open && <Open />;
}

function Open() {
  const { t } = useText();
  const { view, canvas } = useCommandContext();
  const studio = useStudio();
  const id = current(studio.state.selection) ?? "";
  const entries = useMemo(() => linkEntries(studio, id, t, () => canvas?.focus()), [studio, id, t, canvas]);
  return (
    <Finder title={t("link.title", { label: endOf(studio, id, "", "outputs") })} search={t("link.search")} none={t("link.none")} entries={entries} first={40} onClose={() => view.setState({ linking: false })} />
  );
}

function linkEntries(studio: Studio, id: string, t: Translate, done: () => void): readonly Entry[] {
  const w = studio.shown();
  const words = (e: { source: string; sourcePort: string; target: string; targetPort: string }) => {
    const ends = { from: endOf(studio, e.source, e.sourcePort, "outputs"), to: endOf(studio, e.target, e.targetPort, "inputs") };
    return { ends, words: e.source === id ? [ends.to, ends.from] : [ends.from, ends.to] };
  };
  const run = (command: Parameters<Studio["do"]>[0]) => () => {
    studio.do(command);
    done();
  };
  const made = possibleLinks(w, studio.state.components, id).map((e): Entry => {
    const { ends, words: found } = words(e);
    return {
      key: `make ${e.source}.${e.sourcePort}>${linkID(e)}`, text: t("link.make", ends), words: found, note: e.replaces ? t("link.replaces") : undefined,
      icon: <IconLink size={17} stroke={1.7} />, run: run(connectCommand(w.id, e)),
    };
  });
  const there = linksAt(w, id).map((e): Entry => {
    const { ends, words: found } = words(e);
    return { key: `cut ${linkID(e)}`, text: t("link.cut", ends), words: [t("link.cut", ends), ...found], icon: <IconUnlink size={17} stroke={1.7} />, run: run(disconnectCommand(w.id, e)) };
  });
  return [...made, ...there];
}

/** An end of a link in words: the node, and its port where it has several. */
function endOf(studio: Studio, id: string, port: string, side: "inputs" | "outputs"): string {
  const node = studio.shown().nodes.find((n) => n.id === id);
  const ports: readonly PortSpec[] = (node && componentOf(studio.state.components, node.component)?.[side]) ?? [];
  const label = visible(node?.label || id);
  return ports.length > 1 && !(side === "outputs" && port === "") ? `${label} (${portOf(ports, port)?.label ?? port})` : label;
}
