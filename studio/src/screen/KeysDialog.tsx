import { useText } from "../i18n/i18n";
import { Dialog } from "../ui/Dialog";
import { useFocusBack } from "../ui/focus";
import { Keys } from "../ui/Keys";
import css from "./screen.module.css";
import { commands, groups } from "../app/commands";
import { useCommandContext, useView } from "../app/context";
import { isMac, spellKeys } from "../app/shortcuts";

/** The list of keys. */
export function KeysDialog() {
  const open = useView((v) => v.keys);
  return open && <Open />;
}

function Open() {
  const { t } = useText();
  const { view } = useCommandContext();
  useFocusBack();
  const mac = isMac();
  return (
    <Dialog opened onClose={() => view.setState({ keys: false })} title={t("cmd.keys")} size={640}>
      <div className={css.keyGroups}>
        {groups.map((g) => (
          <section key={g} aria-label={t(`cmd.group.${g}`)}>
            <h3>{t(`cmd.group.${g}`)}</h3>
            <dl className={css.keyList}>
              {commands.filter((c) => c.group === g && c.shortcuts).map((c) => (
                <div key={c.id}><dt>{t(c.label)}</dt><dd>{c.shortcuts?.map((k) => <Keys key={k} keys={spellKeys(k, mac)} />)}</dd></div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
