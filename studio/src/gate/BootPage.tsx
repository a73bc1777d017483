import { useText } from "../i18n/i18n";
import { BusyPage, NoticePage } from "../ui/Notice";
import { reloadPage } from "../ui/part";
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
      return <BusyPage>{t("boot.connecting")}</BusyPage>;
    case "no_file":
      return <Notice title={t("boot.refused")} onAgain={onAgain}><p>{t("boot.no_file", { file: boot.file, reason: boot.reason })}</p></Notice>;
    case "refused":
      return (
        <Notice title={t("boot.refused")} onAgain={onAgain}>
          <p>{t(boot.refusal.id, boot.refusal.params)}</p>
          <p>{t("boot.remedy", { file: boot.file })}</p>
        </Notice>
      );
    case "unloaded":
      return (
        <NoticePage title={t("load.title")} action={t("load.reload")} onAction={reloadPage}>
          <p>{t("load.text")}</p>
          <p role="status">{t("boot.trying")}</p>
        </NoticePage>
      );
    case "unreachable":
      return (
        <Notice title={t("boot.unreachable")} onAgain={onAgain}>
          <dl><dt>{t("boot.address")}</dt><dd>{boot.address}</dd><dt>{t("boot.origin")}</dt><dd>{page.origin}</dd></dl>
          <Causes boot={boot} />
          <h2>{t("boot.doctor")}</h2>
          <pre>weft doctor {new URL(".", page).href}</pre>
          <p role="status">{t("boot.trying")}</p>
        </Notice>
      );
  }
}

/** What a plain request of the same address told; else all that is likely. */
function Causes({ boot }: { readonly boot: Extract<Boot, { kind: "unreachable" }> }) {
  const { t } = useText();
  switch (boot.found) {
    case "proxy_off":
      return <p><strong>{t("boot.found_proxy_off")}</strong></p>;
    case "server_down":
      return <p><strong>{t("boot.found_server_down")}</strong></p>;
    case "there":
      return <p><strong>{t("boot.found_there")}</strong></p>;
    case "unknown":
      return (
        <>
          <h2>{t("boot.causes")}</h2>
          <ul>
            <li>{t("boot.cause_down")}</li>
            <li>{t("boot.cause_origin")}</li>
            {boot.address.startsWith("wss:") && <li>{t("boot.cause_certificate")}</li>}
            {boot.proxy && <li>{t("boot.cause_proxy")}</li>}
          </ul>
        </>
      );
  }
}

function Notice({ title, onAgain, children }: { readonly title: string; readonly onAgain: () => void; readonly children: React.ReactNode }) {
  const { t } = useText();
  return <NoticePage title={title} action={t("boot.again")} onAction={onAgain}>{children}</NoticePage>;
}
