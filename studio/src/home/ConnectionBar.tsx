import { useEffect, useState } from "react";
import type { Connection, StudioBackend } from "../api/backend";
import { useText } from "../i18n/i18n";
import css from "../gate/gate.module.css";

type Note = "lost" | "back" | "restarted" | null;

/** Milliseconds for which the bar says that all is well again. */
const shown = 4000;

/** Says so when the connection is lost, and when it is back. */
export function ConnectionBar({ backend }: { readonly backend: StudioBackend }) {
  const { t } = useText();
  const note = useConnectionNote(backend);
  return (
    <div role="status" aria-live="assertive">
      {note && <div className={css.bar} data-note={note}>{note === "lost" ? t("conn.lost") : note === "back" ? t("conn.back") : t("conn.restarted")}</div>}
    </div>
  );
}

function useConnectionNote(backend: StudioBackend): Note {
  const [note, setNote] = useState<Note>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let before: Connection = "connected";
    const stop = backend.watchConnection((c) => {
      clearTimeout(timer);
      if (c === "lost") setNote("lost");
      else if (before === "lost") {
        setNote(c === "restarted" ? "restarted" : "back");
        timer = setTimeout(() => setNote(null), shown);
      }
      before = c;
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [backend]);
  return note;
}
