import { Modal, TextInput } from "@mantine/core";
import { IconArrowRight, IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useText } from "../i18n/i18n";
import { ComponentIcon } from "../ui/ComponentIcon";
import { Keys } from "../ui/Keys";
import { addNode } from "../app/add";
import css from "./screen.module.css";
import { commands } from "../app/commands";
import { useCommandContext, useView } from "../app/context";
import { rank } from "../app/search";
import { isMac, spellKeys } from "../app/shortcuts";

/** Everything by its name: commands, nodes to go to, components to add. */
export function CommandPalette() {
  const { view } = useCommandContext();
  const open = useView((v) => v.palette);
  const { t } = useText();
  return open && (
    <Modal opened onClose={() => view.setState({ palette: false })} withCloseButton={false} size={560} padding={0} yOffset="12vh" attributes={{ content: { "aria-label": t("cmd.palette") } }}>
      <Search />
    </Modal>
  );
}

interface Entry {
  readonly key: string;
  readonly text: string;
  readonly words: readonly string[];
  readonly icon: React.ReactNode;
  readonly keys?: string;
  readonly run: () => void;
}

function Search() {
  const { t } = useText();
  const context = useCommandContext();
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const all = useEntries();
  const found = useMemo(() => rank(all, words, (e) => e.words).slice(0, words === "" ? 12 : 40), [all, words]);
  const go = (e: Entry | undefined) => {
    context.view.setState({ palette: false });
    // The dialog gives the focus back first.
    if (e) setTimeout(e.run);
  };
  const keys = (e: React.KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (by) setAt((at + by + found.length) % Math.max(1, found.length));
    else if (e.key === "Enter") go(found[at]);
    else return;
    e.preventDefault();
  };
  return (
    <div>
      <TextInput
        variant="unstyled" size="md" data-autofocus leftSection={<IconSearch size={17} />} placeholder={t("cmd.search")} aria-label={t("cmd.search")} value={words}
        role="combobox" aria-expanded aria-controls="palette-list" aria-activedescendant={found[at] ? `palette-${at}` : undefined}
        classNames={{ input: css.paletteInput }} onKeyDown={keys}
        onChange={(e) => {
          setWords(e.currentTarget.value);
          setAt(0);
        }}
      />
      <div className={css.paletteList} id="palette-list" role="listbox" aria-label={t("cmd.palette")}>
        {found.map((e, i) => (
          // The keys are handled by the field above, which keeps the focus.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <div key={e.key} id={`palette-${i}`} role="option" tabIndex={-1} aria-selected={i === at} className={css.paletteItem} ref={i === at ? intoView : undefined} onMouseMove={() => setAt(i)} onClick={() => go(e)}>
            {e.icon}
            <span className={css.itemText}>{e.text}</span>
            {e.keys && <Keys keys={e.keys} />}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className={css.paletteNone}>{t("cmd.none")}</p>}
    </div>
  );
}

function intoView(e: HTMLElement | null) {
  e?.scrollIntoView({ block: "nearest" });
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
      key: `node ${n.id}`, text: t("cmd.goto", { label: n.label || n.id }), words: [n.label || n.id, n.id, t("cmd.goto", { label: "" })], icon: <IconArrowRight size={17} stroke={1.7} />,
      run: () => { studio.selectOnly(n.id); canvas?.reveal(n.id); },
    }));
    const components = (studio.state.writable ? [...studio.state.components.values()] : []).map((c): Entry => ({
      key: `add ${c.name}`, text: t("cmd.add", { title: c.title }), words: [c.title, c.name, ...(c.keywords ?? []), t("cmd.add", { title: "" })], icon: <ComponentIcon component={c.name} svg={c.icon} size={22} />,
      run: () => canvas?.reveal(addNode(studio, c, canvas.middle())),
    }));
    return [...known, ...nodes, ...components];
  }, [context, t]);
}
