import { ActionIcon, Button } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle, IconX } from "@tabler/icons-react";
import { useCommandContext, useStudio, useStudioState } from "../app/context";
import { shownWorkflow } from "../app/studio";
import { useText } from "../i18n/i18n";
import { visible } from "../ui/visible";
import css from "./notes.module.css";

/** What has to be told where people look while they work: above the canvas. */
export function Notes() {
  return <div className={css.notes}><File /><Moved /><Unread /><Refusal /></div>;
}

/** Why the file is not written: somebody has to say what counts. */
function File() {
  const { t } = useText();
  const { studio, app } = useCommandContext();
  const refusal = useStudioState((s) => s.file?.refusal ?? null);
  const conflict = useStudioState((s) => s.file?.conflict ?? null);
  const writable = useStudioState((s) => s.writable);
  const problem = refusal ?? conflict;
  if (!problem) return null;
  const gone = conflict?.kind === "not_found";
  return (
    <div className={css.note} role="alert">
      <IconAlertTriangle size={17} stroke={1.7} aria-hidden />
      <div className={css.words}>
        <strong>{t(gone ? "save.gone" : "save.conflict")}</strong>
        <p>{visible(problem.text)}</p>
        {!refusal && writable && !gone && <p>{t("save.conflict_text")}</p>}
        {!refusal && writable && (
          <div className={css.tools}>
            <Button size="compact-sm" onClick={() => studio.save("overwrite")}>{t(gone ? "save.again" : "save.overwrite")}</Button>
            {gone
              ? <Button size="compact-sm" variant="default" onClick={app.home}>{t("cmd.home")}</Button>
              : <Button size="compact-sm" variant="default" onClick={() => studio.save("reload")}>{t("save.reload")}</Button>}
          </div>
        )}
      </div>
    </div>
  );
}

/** The package was renamed or moved while it was open. */
function Moved() {
  const { t } = useText();
  const studio = useStudio();
  const from = useStudioState((s) => s.movedFrom);
  const path = useStudioState((s) => s.path);
  if (from === "") return null;
  return (
    <div className={css.note} data-calm role="status">
      <IconInfoCircle size={17} stroke={1.7} aria-hidden />
      <div className={css.words}><p>{t("package.moved", { from: visible(from), path: visible(path) })}</p></div>
      <ActionIcon size={24} aria-label={t("common.close")} onClick={() => studio.forgetMove()}><IconX size={14} /></ActionIcon>
    </div>
  );
}

/** Files that were dropped and can't be read. */
function Unread() {
  const { t } = useText();
  const studio = useStudio();
  const unread = useStudioState((s) => s.unread);
  if (unread.length === 0) return null;
  return (
    <div className={css.note} role="alert">
      <IconAlertTriangle size={17} stroke={1.7} aria-hidden />
      <div className={css.words}>
        <strong>{t("drop.title")}</strong>
        {unread.slice(0, 8).map((u, i) => <p key={i}>{t(`drop.${u.why}`, { name: visible(u.name) })}</p>)}
        {unread.length > 8 && <p>{t("drop.more", { count: unread.length - 8 })}</p>}
      </div>
      <ActionIcon size={24} aria-label={t("common.close")} onClick={() => studio.tellUnread([])}><IconX size={14} /></ActionIcon>
    </div>
  );
}

/** Why the last thing that was asked for was not done. It stands until the next one, or until it is put away. */
function Refusal() {
  const { t } = useText();
  const studio = useStudio();
  const refused = useStudioState((s) => s.refused);
  const w = useStudioState(shownWorkflow);
  if (refused.length === 0) return null;
  return (
    <div className={css.note} role="alert">
      <IconAlertTriangle size={17} stroke={1.7} aria-hidden />
      <div className={css.words}>
        <strong>{t("refused.title")}</strong>
        {refused.map((p, i) => {
          const node = w.nodes.find((n) => n.id === p.place.node);
          return <p key={i}>{visible(p.text)} {node && <button type="button" className={css.link} onClick={() => studio.selectOnly(node.id)}>{visible(node.label || node.id)}</button>}</p>;
        })}
      </div>
      <ActionIcon size={24} aria-label={t("common.close")} onClick={() => studio.forgetRefusal()}><IconX size={14} /></ActionIcon>
    </div>
  );
}
