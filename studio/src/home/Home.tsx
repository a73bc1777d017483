import { Button, Menu, TextInput } from "@mantine/core";
import { IconChevronDown, IconFolderPlus, IconLock, IconPackage, IconSearch, IconUpload } from "@tabler/icons-react";
import { useMemo, useRef, useState } from "react";
import { useText } from "../i18n/i18n";
import { Empty } from "../ui/Empty";
import { Logo } from "../ui/Logo";
import { AccountMenu } from "./AccountMenu";
import { Breadcrumbs } from "./Breadcrumbs";
import { useFiles, useFoundFiles } from "../app/data";
import { DropZone } from "./DropZone";
import { type FileDialog, FileDialogs } from "./FileDialogs";
import { FileList, PackageCards } from "./FileList";
import css from "./home.module.css";
import { isPackage } from "../app/paths";
import { rank } from "../app/search";
import { useShell } from "../app/shell";

/** The start page: the folders, packages and files of the workspace. */
export function Home({ folder }: { readonly folder: string }) {
  const { t } = useText();
  const { backend, transfers } = useShell();
  const [words, setWords] = useState("");
  const [dialog, setDialog] = useState<FileDialog | null>(null);
  const here = useStartFolder(folder);
  const { files, writable, loading, problems } = useFiles(backend, here);
  const found = useFoundFiles(backend, here, words !== "");
  const shown = useMemo(() => (words === "" ? files : rank(found, words, (x) => [x.label, x.path])), [files, found, words]);
  const mayWrite = writable === true && here !== "";
  const packages = shown.filter(isPackage);
  const others = shown.filter((x) => !isPackage(x));
  const empty = !loading && shown.length === 0;
  return (
    <DropZone enabled={mayWrite} label={t("files.drop", { folder: here })} onFiles={(f) => transfers.upload(f, here)}>
      <main className={css.home}>
        <header className={css.head}>
          <Logo size={36} />
          <h1>{t("home.title")}</h1>
          <AccountMenu />
        </header>
        <div className={css.bar}>
          <Breadcrumbs folder={here} />
          <TextInput
            size="sm" className={css.search} leftSection={<IconSearch size={15} />} value={words} onChange={(e) => setWords(e.currentTarget.value)}
            placeholder={t("files.search")} aria-label={t("files.search")} type="search" onKeyDown={(e) => { if (e.key === "Escape") setWords(""); }}
          />
          {writable === false && here !== "" && <p className={css.readOnly}><IconLock size={14} stroke={1.7} aria-hidden />{t("files.read_only")}</p>}
          {mayWrite && <Actions onDialog={setDialog} onUpload={(f) => transfers.upload(f, here)} folder={here} />}
        </div>
        {problems.map((p, i) => <p key={i} className={css.problem} role="alert">{p.text}</p>)}
        {empty && problems.length === 0 && <div className={css.empty}><Empty title={words === "" ? t("home.empty") : t("files.none")}>{words === "" && mayWrite && t("home.empty_hint")}</Empty></div>}
        {packages.length > 0 && (
          <section aria-label={t("home.packages")}>
            <h2>{t("home.packages")}</h2>
            <PackageCards files={packages} folder={here} mayWrite={mayWrite} onDialog={setDialog} />
          </section>
        )}
        {others.length > 0 && (
          <section aria-label={t("home.files")}>
            <h2>{t("home.files")}</h2>
            <FileList files={others} folder={here} mayWrite={mayWrite} onDialog={setDialog} />
          </section>
        )}
      </main>
      <FileDialogs dialog={dialog} onClose={() => setDialog(null)} />
    </DropZone>
  );
}

/** Where there is but one top folder, that is where a person begins. */
function useStartFolder(folder: string): string {
  const { backend } = useShell();
  const top = useFiles(backend, "", folder === "");
  const [only, ...more] = top.files;
  return folder === "" && only?.folder && more.length === 0 ? only.path : folder;
}

interface ActionsProps {
  readonly folder: string;
  readonly onDialog: (d: FileDialog) => void;
  readonly onUpload: (files: File[]) => void;
}

function Actions({ folder, onDialog, onUpload }: ActionsProps) {
  const { t } = useText();
  const input = useRef<HTMLInputElement>(null);
  const take = (i: HTMLInputElement) => {
    const files = [...(i.files ?? [])];
    i.value = ""; // a second choice of the same file is a choice, too
    onUpload(files);
  };
  return (
    <div className={css.actions}>
      <Button variant="default" size="sm" leftSection={<IconUpload size={15} stroke={1.7} />} onClick={() => input.current?.click()}>{t("files.upload")}</Button>
      <input ref={input} type="file" multiple hidden aria-label={t("files.upload")} onChange={(e) => take(e.currentTarget)} />
      <Button size="sm" leftSection={<IconPackage size={15} stroke={1.7} />} onClick={() => onDialog({ kind: "package", folder })}>{t("files.new_package")}</Button>
      <Menu position="bottom-end">
        <Menu.Target><Button variant="default" size="sm" px={8} aria-label={t("files.more_new")}><IconChevronDown size={15} /></Button></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconFolderPlus size={15} stroke={1.7} />} onClick={() => onDialog({ kind: "folder", folder })}>{t("files.new_folder")}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

