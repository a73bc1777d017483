import { IconAlertTriangle } from "@tabler/icons-react";
import { useMemo } from "react";
import type { Problem } from "../api/backend";
import { settingWord } from "../forms/words";
import { useText } from "../i18n/i18n";
import { Empty } from "../ui/Empty";
import { visible } from "../ui/visible";
import css from "./screen.module.css";
import { useStudio, useStudioState } from "../app/context";
import { shownWorkflow } from "../app/studio";

/** Everything that is wrong: what the last command met, what the last run met, then the package itself and what it does not publish. */
export function useMessages(): readonly Problem[] {
  const refused = useStudioState((s) => s.refused);
  const run = useStudioState((s) => s.run?.problems);
  const problems = useStudioState((s) => s.problems);
  const unpublished = useStudioState((s) => s.unpublished);
  return useMemo(() => [...refused, ...(run ?? []), ...problems, ...unpublished], [refused, run, problems, unpublished]);
}

export function Messages({ problems }: { readonly problems: readonly Problem[] }) {
  const { t, language } = useText();
  const studio = useStudio();
  const w = useStudioState(shownWorkflow);
  if (problems.length === 0) return <Empty title={t("panel.no_messages")} />;
  return (
    <ul className={`${css.messages} ${css.scroll}`}>
      {problems.map((p, i) => {
        const node = w.nodes.find((n) => n.id === p.place.node);
        return (
          <li key={i} className={css.message}>
            <IconAlertTriangle size={15} stroke={1.7} aria-hidden />
            <span>
              {p.service !== undefined && <strong>{t(p.service === "" ? "services.none" : "services.one", { service: visible(p.service) })} </strong>}
              {visible(p.text)}{" "}
              {node && <button type="button" className={css.linkButton} title={t("panel.goto")} onClick={() => studio.selectOnly(node.id)}>{visible(node.label || node.id)}{p.place.setting && ` · ${settingWord(p.place.setting, language)}`}</button>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
