import { useCallback, useEffect, useRef, useState } from "react";
import type { Touch } from "../graph/touch";

const pause = 350;

/** Somebody else has changed what is being written: whose text counts is for the writer to say. */
export interface Clash {
  /** Who it was; empty: nobody knows. */
  readonly name: string;
  keepMine(): void;
  takeTheirs(): void;
}

export interface Draft {
  readonly text: string;
  readonly clash: Clash | null;
  change(text: string): void;
  leave(): void;
  enter(): void;
}

/**
 * Text that somebody is writing. It is given on after a short pause, on Enter
 * and when the field is left; `commit` returns false for what it can't take. A
 * change from elsewhere shows at once, also while somebody is in the field, but
 * never over what was typed and not given on yet: then it is a clash.
 */
export function useDraft(value: string, commit: (text: string) => unknown, touch?: Touch): Draft {
  const [draft, setDraft] = useState<string | null>(null);
  const [clash, setClash] = useState<string | null>(null);
  const sent = useRef<string | null>(null);
  const base = useRef(value);
  const seen = useRef(touch?.number ?? 0);
  const latest = useRef({ draft, clash, commit, value });
  useEffect(() => {
    latest.current = { draft, clash, commit, value };
  });
  const give = useCallback(() => {
    const { draft: text, commit: take, value: old } = latest.current;
    if (text !== null && (text === old || take(text) !== false)) sent.current = text;
  }, []);
  const flush = useCallback(() => {
    if (latest.current.clash === null) give();
  }, [give]);
  useEffect(() => {
    if (draft === null) return undefined;
    const timer = setTimeout(flush, pause);
    return () => clearTimeout(timer);
  }, [draft, flush]);
  // Whoever goes elsewhere loses nothing. Before the page is left the text must
  // be given on first: then it is seen to be unsent.
  useEffect(() => {
    window.addEventListener("beforeunload", give, true);
    return () => {
      window.removeEventListener("beforeunload", give, true);
      give();
    };
  }, [give]);
  const number = touch?.number ?? 0;
  const name = touch?.name ?? "";
  useEffect(() => {
    const theirs = number !== seen.current && value !== base.current;
    seen.current = number;
    base.current = value;
    const { draft: text } = latest.current;
    if (!theirs || text === null) return;
    if (text === value || text === sent.current) {
      setDraft(null);
      setClash(null);
    } else setClash(name);
  }, [number, name, value]);
  return {
    text: draft ?? value,
    clash: clash === null ? null : {
      name,
      keepMine: () => {
        setClash(null);
        give();
      },
      takeTheirs: () => {
        setClash(null);
        setDraft(null);
      },
    },
    change: (text) => {
      sent.current = null;
      setDraft(text);
    },
    leave: () => {
      if (clash !== null) return; // it stands until somebody has chosen
      flush();
      setDraft(null);
    },
    enter: () => {
      setClash(null);
      give();
    },
  };
}
