import { ActionIcon, Button, Menu } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconDevices, IconKey, IconLanguage, IconLogout, IconBrightness } from "@tabler/icons-react";
import { useState } from "react";
import type { Door } from "../api/door";
import { format } from "../i18n/format";
import { useText } from "../i18n/i18n";
import { Dialog } from "../ui/Dialog";
import { Avatar } from "../ui/Avatar";
import css from "../gate/gate.module.css";
import { PasswordForm } from "../gate/PasswordPage";
import { useDoor, useShell } from "../app/shell";

/** Who is signed in, and what belongs to the account. */
export function AccountMenu() {
  const { t } = useText();
  const { door, app } = useShell();
  const { person } = useDoor(door);
  const [dialog, setDialog] = useState<"password" | "sessions" | null>(null);
  if (!person) return null;
  const close = () => setDialog(null);
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon size={30} title={person.name} aria-label={t("account.menu", { name: person.name })}><Avatar name={person.name} /></ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{person.name} · {t(`role.${person.role}`)}</Menu.Label>
          <Menu.Item leftSection={<IconKey size={15} stroke={1.7} />} onClick={() => setDialog("password")}>{t("password.change")}</Menu.Item>
          <Menu.Item leftSection={<IconDevices size={15} stroke={1.7} />} onClick={() => setDialog("sessions")}>{t("sessions.title")}</Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconLanguage size={15} stroke={1.7} />} onClick={app.toggleLanguage}>{t("cmd.language")}</Menu.Item>
          <Menu.Item leftSection={<IconBrightness size={15} stroke={1.7} />} onClick={app.toggleTheme}>{t("cmd.theme")}</Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={15} stroke={1.7} />} onClick={() => void door.signOut()}>{t("account.sign_out")}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Dialog opened={dialog === "password"} onClose={close} title={t("password.change")} size={400}>
        <PasswordForm door={door} name={person.name} onDone={close} />
      </Dialog>
      <Dialog opened={dialog === "sessions"} onClose={close} title={t("sessions.title")} size={560}>
        <Sessions door={door} />
      </Dialog>
    </>
  );
}

function Sessions({ door }: { readonly door: Door }) {
  const { t, language } = useText();
  const f = format(language);
  const queries = useQueryClient();
  const { data } = useQuery({ queryKey: ["sessions"], queryFn: ({ signal }) => door.sessions(signal), staleTime: 0 });
  return (
    <ul className={css.sessions}>
      {data?.map((s) => (
        <li key={s.id}>
          <span className={css.sessionWords}>
            <strong>{s.client || t("sessions.unknown")}</strong>
            <small>{[s.address, t("sessions.used", { when: f.when(s.used) })].filter(Boolean).join(" · ")}</small>
          </span>
          {s.current
            ? <span className={css.here}>{t("sessions.this")}</span>
            : <Button variant="default" size="compact-xs" aria-label={`${t("sessions.end")}: ${s.client}`} onClick={() => void door.endSession(s.id).then(() => queries.invalidateQueries({ queryKey: ["sessions"] }))}>{t("sessions.end")}</Button>}
        </li>
      ))}
    </ul>
  );
}
