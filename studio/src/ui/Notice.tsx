import { Button, Loader } from "@mantine/core";
import css from "./notice.module.css";
import { Logo } from "./Logo";

interface NoticeProps {
  readonly title: string;
  readonly action: string;
  readonly onAction: () => void;
  /** What else can be done. */
  readonly other?: { readonly label: string; readonly run: () => void };
  /** Above what else is on the screen, in place of everything else otherwise. */
  readonly over?: boolean;
  readonly children: React.ReactNode;
}

/** A page that says one thing, and what can be done. */
export function NoticePage({ title, action, onAction, other, over, children }: NoticeProps) {
  return (
    <main className={over ? css.over : css.page}>
      <div className={css.notice} role="alert">
        <Logo size={34} />
        <h1>{title}</h1>
        {children}
        <Button size="sm" onClick={onAction} autoFocus={over}>{action}</Button>
        {other && <Button size="sm" ml={8} variant="default" onClick={other.run}>{other.label}</Button>}
      </div>
    </main>
  );
}

export function BusyPage({ children }: { readonly children: React.ReactNode }) {
  return <div className={css.page} role="status"><div className={css.busy}><Loader size={20} />{children}</div></div>;
}

interface PanelProps {
  readonly title: string;
  readonly text?: string;
  readonly tools: React.ReactNode;
  readonly children: React.ReactNode;
}

/** A page with one form on it. */
export function FormPage({ title, text, tools, children }: PanelProps) {
  return (
    <main className={css.page}>
      <div className={css.tools}>{tools}</div>
      <div className={css.form}>
        <Logo size={44} />
        <h1>{title}</h1>
        {text && <p className={css.text}>{text}</p>}
        {children}
      </div>
    </main>
  );
}
