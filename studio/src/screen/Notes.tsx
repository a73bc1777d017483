import { ActionIcon } from "@mantine/core";
import { IconAlertTriangle, IconX } from "@tabler/icons-react";
import { useStudio, useStudioState } from "../app/context";
import { shownWorkflow } from "../app/studio";
import { useText } from "../i18n/i18n";
import { visible } from "../ui/visible";
import css from "./notes.module.css";

/** What has to be told where people look while they work: above the canvas. */
export function Notes() {
  return <div className={css.notes}><Refusal /></div>;
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
