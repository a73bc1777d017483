import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconDownload, IconEdit, IconFile, IconFileSpreadsheet, IconFolder, IconPackage, IconTrash } from "@tabler/icons-react";
import type { FileEntry } from "../api/backend";
import { format } from "../i18n/format";
import { useText } from "../i18n/i18n";
import { visible } from "../ui/visible";
import type { FileDialog } from "./FileDialogs";
import css from "./home.module.css";
import { isPackage, nameOf } from "../app/paths";
import { spellRoute } from "../app/route";
import { useShell } from "../app/shell";

interface Props {
  readonly files: readonly FileEntry[];
  /** Names are shown from here on. */
  readonly folder: string;
  readonly mayWrite: boolean;
  readonly onDialog: (d: FileDialog) => void;
}

/** Packages, each a card that opens it. */
export function PackageCards({ files, folder, mayWrite, onDialog }: Props) {
  const { t, language } = useText();
  const f = format(language);
  return (
    <ul className={css.packages}>
      {files.map((p) => (
        <li key={p.path} className={css.card}>
          <a className={css.cardLink} href={spellRoute({ kind: "package", path: p.path })}>
            <IconPackage size={26} stroke={1.3} aria-hidden />
            <span>
              <strong>{visible(p.label || shortName(p, folder).replace(/\.weft$/, ""))}</strong>
              <small title={t("home.modified", { when: f.when(p.modified) })}><span>{visible(shortName(p, folder))}</span><span>{f.day(p.modified)}</span></small>
            </span>
          </a>
          <FileMenu file={p} mayWrite={mayWrite} onDialog={onDialog} />
        </li>
      ))}
    </ul>
  );
}

/** Folders and files in a table; folders first. */
export function FileList({ files, folder, mayWrite, onDialog }: Props) {
  const { t, language } = useText();
  const f = format(language);
  const sorted = [...files].sort((a, b) => Number(b.folder) - Number(a.folder));
  return (
    <table className={css.table}>
      <thead>
        <tr><th scope="col">{t("files.name")}</th><th scope="col">{t("files.size")}</th><th scope="col">{t("files.modified")}</th><td /></tr>
      </thead>
      <tbody>
        {sorted.map((x) => (
          <tr key={x.path}>
            <td>
              <span className={css.name}>
                <FileIcon file={x} />
                <FileName file={x} text={visible(shortName(x, folder))} />
              </span>
            </td>
            <td className={css.number}>{!x.folder && f.size(x.size)}</td>
            <td className={css.when}>{f.when(x.modified)}</td>
            <td className={css.tools}><FileMenu file={x} mayWrite={mayWrite} onDialog={onDialog} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function FileName({ file, text }: { readonly file: FileEntry; readonly text: string }) {
  if (file.folder) return <a href={spellRoute({ kind: "folder", path: file.path })}>{text}</a>;
  return <span className={css.plainName}>{text}</span>;
}

export function FileIcon({ file, size = 17 }: { readonly file: FileEntry; readonly size?: number }) {
  const Icon = file.folder ? IconFolder : isPackage(file) ? IconPackage : /\.(csv|tsv|parquet|xlsx)$/i.test(file.path) ? IconFileSpreadsheet : IconFile;
  return <Icon size={size} stroke={1.5} aria-hidden />;
}

function shortName(f: FileEntry, folder: string): string {
  return folder !== "" && f.path.startsWith(`${folder}/`) ? f.path.slice(folder.length + 1) : f.path;
}

interface MenuProps {
  readonly file: FileEntry;
  readonly mayWrite: boolean;
  readonly onDialog: (d: FileDialog) => void;
}

function FileMenu({ file, mayWrite, onDialog }: MenuProps) {
  const { t } = useText();
  const { transfers } = useShell();
  if (file.folder && !mayWrite) return null;
  return (
    <Menu position="bottom-end" width={190}>
      <Menu.Target><ActionIcon aria-label={t("files.actions", { name: nameOf(file.path) })}><IconDots size={16} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        {!file.folder && <Menu.Item leftSection={<IconDownload size={15} stroke={1.7} />} onClick={() => transfers.download(file.path, file.size)}>{t("files.download")}</Menu.Item>}
        {mayWrite && <Menu.Item leftSection={<IconEdit size={15} stroke={1.7} />} onClick={() => onDialog({ kind: "rename", file })}>{t("files.rename")}</Menu.Item>}
        {mayWrite && <Menu.Item className={css.danger} leftSection={<IconTrash size={15} stroke={1.7} />} onClick={() => onDialog({ kind: "delete", file })}>{t("files.delete")}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
