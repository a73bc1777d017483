import { Button, Group, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type FileEntry, type Problem, Refused } from "../api/backend";
import type { TextID } from "../i18n/catalogues";
import { useText } from "../i18n/i18n";
import { Dialog } from "../ui/Dialog";
import { visible } from "../ui/visible";
import css from "./home.module.css";
import { folderOf, isPackage, joinPath, nameOf, nameProblem } from "../app/paths";
import { spellRoute } from "../app/route";
import { useShell } from "../app/shell";
import { Problems } from "../gate/SignInPage";

type NameDialog =
  | { readonly kind: "package" | "folder"; readonly folder: string }
  | { readonly kind: "rename"; readonly file: FileEntry };

export type FileDialog = NameDialog | { readonly kind: "delete"; readonly file: FileEntry };

interface Props {
  readonly dialog: FileDialog | null;
  readonly onClose: () => void;
}

/** What is asked before something is made, renamed or deleted. */
export function FileDialogs({ dialog, onClose }: Props) {
  const { t } = useText();
  const title = dialog && { package: t("files.new_package"), folder: t("files.new_folder"), rename: t("files.rename"), delete: t("files.delete") }[dialog.kind];
  return (
    <Dialog opened={dialog !== null} onClose={onClose} title={title} size={420}>
      {dialog?.kind === "delete" && <Delete file={dialog.file} onClose={onClose} />}
      {dialog && dialog.kind !== "delete" && <Named dialog={dialog} onClose={onClose} />}
    </Dialog>
  );
}

/** Does something with files, then shows the folder anew. */
function useAction(onClose: () => void) {
  const queries = useQueryClient();
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [busy, setBusy] = useState(false);
  const run = (work: () => Promise<void>) => {
    setBusy(true);
    work().then(
      () => {
        void queries.invalidateQueries({ queryKey: ["files"] });
        onClose();
      },
      (err: unknown) => {
        setBusy(false);
        if (!(err instanceof Refused)) throw err;
        setProblems(err.problems);
      },
    );
  };
  return { problems, busy, run };
}

interface NamedProps {
  readonly dialog: NameDialog;
  readonly onClose: () => void;
}

const labels: Readonly<Record<NameDialog["kind"], TextID>> = { package: "files.package_name", folder: "files.folder_name", rename: "files.new_name" };

function Named({ dialog, onClose }: NamedProps) {
  const { t } = useText();
  const { backend } = useShell();
  const { problems, busy, run } = useAction(onClose);
  const [name, setName] = useState(dialog.kind === "rename" ? shown(dialog.file) : "");
  const [tried, setTried] = useState(false);
  const wrong = nameProblem(name);
  const work = async () => {
    const text = name.trim();
    switch (dialog.kind) {
      case "folder":
        return backend.makeFolder(joinPath(dialog.folder, text));
      case "rename":
        return backend.renameFile(dialog.file.path, joinPath(folderOf(dialog.file.path), isPackage(dialog.file) ? withEnding(text) : text));
      case "package": {
        const path = joinPath(dialog.folder, withEnding(text));
        await backend.createPackage(path, text.replace(/\.weft$/, ""));
        window.location.hash = spellRoute({ kind: "package", path });
      }
    }
  };
  return (
    <form
      className={css.dialog}
      onSubmit={(e) => {
        e.preventDefault();
        setTried(true);
        if (!busy && !wrong) run(work);
      }}
    >
      <TextInput
        size="sm" data-autofocus label={t(labels[dialog.kind])} value={name} maxLength={255} error={tried && wrong && t(`files.name_${wrong}`)}
        onChange={(e) => setName(e.currentTarget.value)} onFocus={(e) => e.currentTarget.select()} rightSectionWidth={52}
        rightSection={dialog.kind === "package" || (dialog.kind === "rename" && isPackage(dialog.file)) ? <span className={css.ending}>.weft</span> : undefined}
      />
      <Problems problems={problems} />
      <Buttons onClose={onClose} busy={busy} text={t(dialog.kind === "rename" ? "files.rename" : "files.create")} />
    </form>
  );
}

function shown(f: FileEntry): string {
  return isPackage(f) ? nameOf(f.path).replace(/\.weft$/, "") : nameOf(f.path);
}

function withEnding(name: string): string {
  return name.endsWith(".weft") ? name : `${name}.weft`;
}

function Delete({ file, onClose }: { readonly file: FileEntry; readonly onClose: () => void }) {
  const { t } = useText();
  const { backend } = useShell();
  const { problems, busy, run } = useAction(onClose);
  return (
    <form
      className={css.dialog}
      onSubmit={(e) => {
        e.preventDefault();
        if (!busy) run(() => backend.deleteFile(file.path, file.folder));
      }}
    >
      <p>{t(file.folder ? "files.delete_folder" : "files.delete_file", { name: visible(nameOf(file.path)) })}</p>
      <Problems problems={problems} />
      <Buttons onClose={onClose} busy={busy} text={t("files.delete")} red />
    </form>
  );
}

function Buttons({ onClose, busy, text, red }: { readonly onClose: () => void; readonly busy: boolean; readonly text: string; readonly red?: boolean }) {
  const { t } = useText();
  return (
    <Group justify="flex-end" gap={8} mt={18}>
      <Button variant="default" size="sm" onClick={onClose}>{t("common.cancel")}</Button>
      <Button type="submit" size="sm" loading={busy} color={red ? "red.8" : undefined} data-autofocus={red}>{text}</Button>
    </Group>
  );
}
