import { Button, Loader } from "@mantine/core";
import { useText } from "../i18n/i18n";
import { Logo } from "../ui/Logo";
import css from "./app.module.css";
import type { Boot } from "./boot";

interface Props {
  readonly boot: Exclude<Boot, { kind: "ready" }>;
  readonly page: URL;
  readonly onAgain: () => void;
}

/** What the page shows until the Server is reached; where it can't be, why, and what to change. */
export function BootPage({ boot, page, onAgain }: Props) {
  const { t } = useText();
  switch (boot.kind) {
    case "reading":
    case "connecting":
      return <div className={css.page} role="status"><div className={css.busy}><Loader size={20} />{t("boot.connecting")}</div></div>;
    case "no_file":
      return <Notice title={t("boot.refused")} onAgain={onAgain}><p>{t("boot.no_file", { file: boot.file, reason: boot.reason })}</p></Notice>;
    case "refused":
      return (
        <Notice title={t("boot.refused")} onAgain={onAgain}>
          <p>{t(boot.refusal.id, boot.refusal.params)}</p>
          <p>{t("boot.remedy", { file: boot.file })}</p>
        </Notice>
      );
    case "rejected":
      return (
        <Notice title={t("boot.rejected")} onAgain={onAgain}>
          {boot.problems.map((p) => <p key={p.id}>{p.text}</p>)}
          <dl><dt>{t("boot.address")}</dt><dd>{boot.address}</dd></dl>
        </Notice>
      );
    case "unreachable":
      return (
        <Notice title={t("boot.unreachable")} onAgain={onAgain}>
          <dl><dt>{t("boot.address")}</dt><dd>{boot.address}</dd><dt>{t("boot.origin")}</dt><dd>{page.origin}</dd></dl>
          <h2>{t("boot.causes")}</h2>
          <ul>
            <li>{t("boot.cause_down")}</li>
            <li>{t("boot.cause_origin")}</li>
            {boot.address.startsWith("wss:") && <li>{t("boot.cause_certificate")}</li>}
            {boot.proxy && <li>{t("boot.cause_proxy")}</li>}
          </ul>
          <h2>{t("boot.doctor")}</h2>
          <pre>weft doctor {new URL(".", page).href}</pre>
          <p role="status">{t("boot.trying")}</p>
        </Notice>
      );
  }
}

function Notice({ title, onAgain, children }: { readonly title: string; readonly onAgain: () => void; readonly children: React.ReactNode }) {
  const { t } = useText();
  return (
    <main className={css.page}>
      <div className={css.notice} role="alert">
        <Logo size={34} />
        <h1>{title}</h1>
        {children}
        <Button size="sm" onClick={onAgain}>{t("boot.again")}</Button>
      </div>
    </main>
  );
}
