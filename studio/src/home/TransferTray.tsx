import { ActionIcon, Button, Progress } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconDownload, IconUpload, IconX } from "@tabler/icons-react";
import { useStore } from "zustand";
import { format } from "../i18n/format";
import { useText } from "../i18n/i18n";
import { visible } from "../ui/visible";
import css from "./home.module.css";
import { nameOf } from "../app/paths";
import { useShell } from "../app/shell";
import type { Transfer } from "../app/transfers";

/** Files on their way, at the corner of whatever page is open. */
export function TransferTray() {
  const { t } = useText();
  const { transfers } = useShell();
  const all = useStore(transfers.store);
  if (all.length === 0) return null;
  const done = all.filter((x) => x.state === "done").length;
  return (
    <section className={css.tray} aria-label={t("transfer.title")}>
      <header>
        <h2>{t("transfer.title")}</h2>
        {done > 0 && <Button variant="subtle" color="gray" size="compact-xs" onClick={() => transfers.dismissDone()}>{t("transfer.clear")}</Button>}
      </header>
      <ul>{all.map((x) => <Line key={x.id} transfer={x} />)}</ul>
    </section>
  );
}

function Line({ transfer: x }: { readonly transfer: Transfer }) {
  const { t } = useText();
  const { transfers } = useShell();
  const name = visible(nameOf(x.path));
  const Icon = x.state === "done" ? IconCheck : x.state === "running" ? (x.kind === "up" ? IconUpload : IconDownload) : IconAlertTriangle;
  return (
    <li data-state={x.state}>
      <Icon size={16} stroke={1.7} aria-hidden />
      <div className={css.transfer}>
        <span className={css.transferName} title={x.path}>{name}</span>
        <Told transfer={x} name={name} />
        {x.state === "exists" && (
          <div className={css.transferTools}>
            <Button size="compact-xs" variant="default" onClick={() => transfers.replace(x.id)}>{t("transfer.replace")}</Button>
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => transfers.dismiss(x.id)}>{t("transfer.skip")}</Button>
          </div>
        )}
      </div>
      <ActionIcon size={22} aria-label={`${t(x.state === "running" ? "common.cancel" : "common.close")}: ${name}`} onClick={() => transfers.dismiss(x.id)}><IconX size={13} /></ActionIcon>
    </li>
  );
}

function Told({ transfer: x, name }: { readonly transfer: Transfer; readonly name: string }) {
  const { t, language } = useText();
  const f = format(language);
  const amount = (n: number) => (x.kind === "table" ? t("panel.rows", { count: n, n: f.count(n) }) : f.size(n));
  switch (x.state) {
    case "running":
      return (
        <>
          <Progress value={x.size > 0 ? (100 * x.done) / x.size : 0} size={3} aria-label={name} my={4} />
          <small>{t("transfer.of", { done: x.kind === "table" ? f.count(x.done) : f.size(x.done), size: amount(x.size) })}</small>
        </>
      );
    case "done":
      return <small role="status">{t(x.kind === "up" ? "transfer.uploaded" : "transfer.downloaded", { size: amount(x.size) })}</small>;
    case "exists":
      return <small role="alert">{t("transfer.exists")}</small>;
    case "failed":
      return <small role="alert">{x.problems.map((p) => p.text).join(" ")}</small>;
  }
}
