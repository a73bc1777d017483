import { SegmentedControl, TextInput, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useMemo, useRef, useState } from "react";
import type { FileEntry } from "../api/backend";
import type { ComponentSpec } from "../graph/catalogue";
import { family } from "../graph/catalogue";
import { dragType, fileDragType } from "../app/drag";
import { format } from "../i18n/format";
import { useText } from "../i18n/i18n";
import { ComponentIcon } from "../ui/ComponentIcon";
import { Empty } from "../ui/Empty";
import { visible } from "../ui/visible";
import { addNode, addSource, sourceOf } from "../app/add";
import css from "./screen.module.css";
import { useCommandContext, useStudioState, useView } from "../app/context";
import { useFiles, useFoundFiles } from "../app/data";
import { FileIcon } from "../home/FileList";
import { folderOf, nameOf } from "../app/paths";
import { rank } from "../app/search";
import { useListKeys } from "./useListKeys";
import type { LeftTab } from "../app/view";

/** The palette of components and the workspace, search first. */
export function LeftPanel() {
  const { t } = useText();
  const { view } = useCommandContext();
  const tab = useView((v) => v.leftTab);
  const writable = useStudioState((s) => s.writable);
  const [words, setWords] = useState("");
  const part = useRef<HTMLElement>(null);
  useListKeys(part, words.trim() !== "");
  return (
    <section ref={part} className={css.left} data-part="left" aria-label={t("files.parts")}>
      <div className={css.leftHead}>
        <SegmentedControl
          fullWidth size="xs" value={tab} aria-label={t("files.parts")} onChange={(v) => view.setState({ leftTab: v as LeftTab })}
          data={[{ value: "palette", label: t("palette.title") }, { value: "files", label: t("files.title") }]}
        />
        <TextInput
          size="xs" data-search data-first leftSection={<IconSearch size={14} />} value={words} onChange={(e) => setWords(e.currentTarget.value)}
          placeholder={tab === "palette" ? t("palette.search") : t("files.search")} aria-label={tab === "palette" ? t("palette.search") : t("files.search")}
          onKeyDown={(e) => { if (e.key === "Escape") setWords(""); }}
        />
      </div>
      {/* A long list scrolls, also by keys where nothing in it takes them. */}
      <div className={css.leftBody} tabIndex={writable ? undefined : 0} data-found={words.trim() !== ""}>{tab === "palette" ? <Palette words={words} /> : <Files words={words} />}</div>
    </section>
  );
}

const order = ["input", "rows", "columns", "tables", "output", "other"] as const;

function Palette({ words }: { readonly words: string }) {
  const { t } = useText();
  const components = useStudioState((s) => s.components);
  const writable = useStudioState((s) => s.writable);
  const found = useMemo(() => rank([...components.values()], words, (c) => [c.title, c.name, ...(c.keywords ?? []), c.summary]), [components, words]);
  if (found.length === 0) return <Empty title={t("palette.none")} />;
  if (words.trim() !== "") return <ul className={css.list}>{found.map((c) => <PaletteItem key={c.name} spec={c} />)}</ul>;
  return (
    <>
      {order.map((f) => {
        const group = found.filter((c) => family(c.name) === f || (f === "other" && !order.includes(family(c.name) as "other")));
        return group.length > 0 && (
          <div key={f} role="group" aria-label={t(`family.${f}`)}>
            <h2 className={css.group}>{t(`family.${f}`)}</h2>
            <ul className={css.list}>{group.map((c) => <PaletteItem key={c.name} spec={c} />)}</ul>
          </div>
        );
      })}
      <p className={css.hint}>{t(writable ? "palette.hint" : "palette.read_only")}</p>
    </>
  );
}

function PaletteItem({ spec }: { readonly spec: ComponentSpec }) {
  const { studio, canvas } = useCommandContext();
  const writable = useStudioState((s) => s.writable);
  return (
    <li>
      <UnstyledButton
        data-pick className={css.item} draggable={writable} disabled={!writable} title={spec.summary}
        onDragStart={(e) => {
          e.dataTransfer.setData(dragType, spec.name);
          e.dataTransfer.effectAllowed = "copy";
        }}
        onClick={() => {
          const id = addNode(studio, spec, canvas?.middle() ?? { x: 0, y: 0 });
          canvas?.reveal(id);
        }}
      >
        <ComponentIcon component={spec.name} svg={spec.icon} size={28} />
        <span className={css.itemText}>{spec.title}</span>
      </UnstyledButton>
    </li>
  );
}

/** The files beside the package: drag one onto the canvas to read it. */
function Files({ words }: { readonly words: string }) {
  const { t, language } = useText();
  const { studio, canvas } = useCommandContext();
  const writable = useStudioState((s) => s.writable);
  const folder = folderOf(studio.state.path);
  const { loading } = useFiles(studio.backend, folder);
  const all = useFoundFiles(studio.backend, folder);
  const f = format(language);
  const found = rank(all, words, (x) => [x.path]).filter((x) => !x.folder && x.path !== studio.state.path);
  const add = (x: FileEntry) => {
    const id = addSource(studio, x.path, canvas?.middle() ?? { x: 0, y: 0 });
    if (id) canvas?.reveal(id);
  };
  if (!loading && found.length === 0) return <Empty title={t("files.empty")}>{t("files.empty_hint")}</Empty>;
  return (
    <ul className={css.list}>
      {found.map((x) => {
        const line = <><FileIcon file={x} size={16} /><span className={css.itemText}>{visible(x.path.slice(folder === "" ? 0 : folder.length + 1))}</span>{!x.folder && <span className={css.size}>{f.size(x.size)}</span>}</>;
        return (
          <li key={x.path}>
            {!writable || sourceOf(studio.state.components, x.path) === undefined ? <span className={css.file} title={x.path}>{line}</span> : (
              <UnstyledButton
                data-pick className={`${css.item} ${css.file}`} draggable title={t("files.add", { name: visible(nameOf(x.path)) })}
                onDragStart={(e) => {
                  e.dataTransfer.setData(fileDragType, x.path);
                  e.dataTransfer.effectAllowed = "copy";
                }}
                onClick={() => add(x)}
              >
                {line}
              </UnstyledButton>
            )}
          </li>
        );
      })}
    </ul>
  );
}
