import css from "./ui.module.css";

interface Props {
  readonly title: string;
  readonly children?: React.ReactNode;
}

/** What stands where there is nothing yet: a bit of weave, and what to do. */
export function Empty({ title, children }: Props) {
  return (
    <div className={css.empty}>
      <svg width="44" height="32" viewBox="0 0 44 32" fill="none" strokeWidth="2" strokeLinecap="round" aria-hidden>
        <path d="M8 3v6m0 6v14M22 3v14m0 6v6M36 3v6m0 6v14" stroke="var(--w-line-strong)" />
        <path d="M3 12h15m8 0h15M3 20h1m8 0h20m8 0h1" stroke="var(--w-thread)" />
      </svg>
      <p className={css.emptyTitle}>{title}</p>
      {children && <div className={css.emptyText}>{children}</div>}
    </div>
  );
}
