import { IconArrowRight } from "@tabler/icons-react";
import { useMemo } from "react";
import { useText } from "../i18n/i18n";
import { ComponentIcon } from "../ui/ComponentIcon";
import { visible } from "../ui/visible";
import { addNode } from "../app/add";
import { commands } from "../app/commands";
import { useCommandContext, useView } from "../app/context";
import { isMac, spellKeys } from "../app/shortcuts";
import { type Entry, Finder } from "./Finder";

/** Everything by its name: commands, nodes to go to, components to add. */
export function CommandPalette() {
  const open = useView((v) => v.palette);
  return open && <Open />;
}

function Open() {
  const { t } = useText();
  const { view } = useCommandContext();
  return <Finder title={t("cmd.palette")} search={t("cmd.search")} none={t("cmd.none")} entries={useEntries()} first={12} onClose={() => view.setState({ palette: false })} />;
}

function useEntries(): readonly Entry[] {
  const { t } = useText();
  const context = useCommandContext();
  return useMemo(() => {
    const { studio, canvas } = context;
    const mac = isMac();
    const known = commands.filter((c) => c.id !== "palette" && c.enabled(context)).map((c): Entry => ({
      key: c.id, text: t(c.label), words: [t(c.label), c.id], icon: <c.icon size={17} stroke={1.7} />, keys: c.shortcuts?.[0] && spellKeys(c.shortcuts[0], mac), run: () => c.run(context),
    }));
    const nodes = studio.shown().nodes.map((n): Entry => ({
      key: `node ${n.id}`, text: t("cmd.goto", { label: visible(n.label || n.id) }), words: [n.label || n.id, n.id, t("cmd.goto", { label: "" })], icon: <IconArrowRight size={17} stroke={1.7} />,
      run: () => { studio.selectOnly(n.id); canvas?.focus(); },
    }));
    const components = (studio.state.writable ? [...studio.state.components.values()] : []).map((c): Entry => ({
      key: `add ${c.name}`, text: t("cmd.add", { title: c.title }), words: [c.title, c.name, ...(c.keywords ?? []), t("cmd.add", { title: "" })], icon: <ComponentIcon component={c.name} svg={c.icon} size={22} />,
      run: () => { addNode(studio, c, canvas?.middle() ?? { x: 0, y: 0 }); canvas?.focus(); },
    }));
    // Small ones are found, but do not stand before all that people look for.
    const small = new Set(commands.filter((c) => c.small).map((c) => c.id));
    return [...known.filter((e) => !small.has(e.key)), ...nodes, ...components, ...known.filter((e) => small.has(e.key))];
  }, [context, t]);
}
