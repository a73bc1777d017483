import { Modal, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { rank } from "../app/search";
import { Keys } from "../ui/Keys";
import { useFocusBack } from "../ui/focus";
import css from "./screen.module.css";

export interface Entry {
  readonly key: string;
  readonly text: string;
  readonly words: readonly string[];
  readonly icon: React.ReactNode;
  /** A quiet word behind the text. */
  readonly note?: string;
  readonly keys?: string;
  readonly run: () => void;
}

interface Props {
  readonly title: string;
  readonly search: string;
  /** What is said where nothing is found. */
  readonly none: string;
  readonly entries: readonly Entry[];
  /** As many as show while nothing is looked for. */
  readonly first: number;
  readonly onClose: () => void;
}

const most = 40;

/** A dialog in which one thing of many is found by its name. */
export function Finder(p: Props) {
  useFocusBack();
  return (
    <Modal opened onClose={p.onClose} withCloseButton={false} size={560} padding={0} yOffset="12vh" attributes={{ content: { "aria-label": p.title } }}>
      <Search {...p} />
    </Modal>
  );
}

function Search({ title, search, none, entries, first, onClose }: Props) {
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const found = useMemo(() => rank(entries, words, (e) => e.words).slice(0, words === "" ? first : most), [entries, words, first]);
  const go = (e: Entry | undefined) => {
    onClose();
    // The keyboard is given back first.
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
        variant="unstyled" size="md" data-autofocus leftSection={<IconSearch size={17} />} placeholder={search} aria-label={search} value={words}
        role="combobox" aria-expanded aria-controls="palette-list" aria-activedescendant={found[at] ? `palette-${at}` : undefined}
        classNames={{ input: css.paletteInput }} onKeyDown={keys}
        onChange={(e) => {
          setWords(e.currentTarget.value);
          setAt(0);
        }}
      />
      <div className={css.paletteList} id="palette-list" role="listbox" aria-label={title}>
        {found.map((e, i) => (
          // The keys are handled by the field above, which keeps the focus.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <div key={e.key} id={`palette-${i}`} role="option" tabIndex={-1} aria-selected={i === at} className={css.paletteItem} ref={i === at ? intoView : undefined} onMouseMove={() => setAt(i)} onClick={() => go(e)}>
            {e.icon}
            <span className={css.itemText}>{e.text}</span>
            {e.note && <span className={css.paletteNote}>{e.note}</span>}
            {e.keys && <Keys keys={e.keys} />}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className={css.paletteNone}>{none}</p>}
    </div>
  );
}

function intoView(e: HTMLElement | null) {
  e?.scrollIntoView({ block: "nearest" });
}
