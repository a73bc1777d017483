import { useEffect, useRef, useState } from "react";

const pause = 350;

/**
 * Text that somebody is writing. It is given on after a short pause, on Enter
 * and when the field is left; a change from elsewhere shows unless somebody is
 * writing just now.
 */
export function useDraft(value: string, commit: (text: string) => void) {
  const [draft, setDraft] = useState<string | null>(null);
  const latest = useRef({ draft, commit, value });
  useEffect(() => {
    latest.current = { draft, commit, value };
  });
  const flush = () => {
    const { draft: text, commit: give, value: old } = latest.current;
    if (text !== null && text !== old) give(text);
  };
  useEffect(() => {
    if (draft === null) return undefined;
    const timer = setTimeout(flush, pause);
    return () => clearTimeout(timer);
  }, [draft]);
  useEffect(() => flush, []);
  return {
    text: draft ?? value,
    change: setDraft,
    leave: () => {
      flush();
      setDraft(null);
    },
    enter: flush,
  };
}
