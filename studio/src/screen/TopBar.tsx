import { ActionIcon, Button, Menu, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconCloudCheck, IconCloudOff, IconCloudUp, IconLock, IconMenu2, IconPlugConnectedX, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { packageLabel } from "../graph/model";
import { useText } from "../i18n/i18n";
import { Avatar } from "../ui/Avatar";
import { Keys } from "../ui/Keys";
import { Logo } from "../ui/Logo";
import { visible } from "../ui/visible";
import { AccountMenu } from "../home/AccountMenu";
import css from "./screen.module.css";
import { type AppCommand, commandByID, commands, groups } from "../app/commands";
import { useCommandContext, useStudioState, useView } from "../app/context";
import { nameOf } from "../app/paths";
import { isMac, spellKeys } from "../app/shortcuts";

/** The top of the screen: menu, package, tools, run. */
export function TopBar() {
  const { t } = useText();
  const context = useCommandContext();
  const label = useStudioState((s) => (s.doc ? packageLabel(s.doc.shown) : ""));
  const path = useStudioState((s) => s.path);
  return (
    <header className={css.top} data-part="top">
      <MainMenu />
      <button type="button" className={css.brand} onClick={() => context.app.home()} aria-label={t("cmd.home")}>
        <Logo />
      </button>
      <div className={css.title}>
        <h1 className={css.package} title={path}>{visible(label || nameOf(path).replace(/\.weft$/, ""))}</h1>
        <SaveState />
        <Unpublished />
      </div>
      <div className={css.tools} role="toolbar" aria-label={t("app.toolbar")}>
        {commands.filter((c) => c.toolbar === "history").map((c) => <ToolButton key={c.id} command={c} />)}
        <span className={css.gap} />
        {commands.filter((c) => c.toolbar === "view").map((c) => <ToolButton key={c.id} command={c} />)}
      </div>
      <button type="button" className={css.search} onClick={() => context.view.setState({ palette: true })}>
        <IconSearch size={14} aria-hidden />
        <span>{t("cmd.search_short")}</span>
        <Keys keys={spellKeys("Mod+K", isMac())} />
      </button>
      <div className={css.tools} role="toolbar" aria-label={t("cmd.group.view")}>
        {["left", "bottom", "right"].map((id) => <PanelButton key={id} id={id} />)}
      </div>
      <Others />
      <RunButton />
      <AccountMenu />
    </header>
  );
}

/** Whether a command can be done now; it is read anew whenever anything it may look at changed. */
function useEnabled(c: AppCommand): boolean {
  const context = useCommandContext();
  useStudioState((s) => s.doc);
  useStudioState((s) => s.selection);
  useStudioState((s) => s.run);
  useStudioState((s) => s.clip);
  useStudioState((s) => s.writable);
  useStudioState((s) => s.runnable);
  return c.enabled(context);
}

function ToolButton({ command }: { readonly command: AppCommand }) {
  const { t } = useText();
  const context = useCommandContext();
  const enabled = useEnabled(command);
  const keys = command.shortcuts?.[0];
  return (
    <Tooltip label={<>{t(command.label)} {keys && <span className={css.tipKeys}>{spellKeys(keys, isMac())}</span>}</>}>
      <ActionIcon aria-label={t(command.label)} disabled={!enabled} onClick={() => command.run(context)}>
        <command.icon size={17} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}

function PanelButton({ id }: { readonly id: string }) {
  const { t } = useText();
  const context = useCommandContext();
  const command = commandByID(id);
  const open = useView((v) => (id === "left" ? v.leftOpen : id === "right" ? v.rightOpen : v.bottomOpen));
  return (
    <Tooltip label={<>{t(command.label)} <span className={css.tipKeys}>{spellKeys(command.shortcuts?.[0] ?? "", isMac())}</span></>}>
      <ActionIcon aria-label={t(command.label)} aria-pressed={open} className={open ? css.pressed : undefined} onClick={() => command.run(context)}>
        <command.icon size={17} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}

function RunButton() {
  const { t } = useText();
  const context = useCommandContext();
  const active = useStudioState((s) => s.run?.active ?? false);
  const runnable = useStudioState((s) => s.runnable);
  const command = commandByID(active ? "cancel" : "run");
  const enabled = useEnabled(command);
  const button = (
    <Button size="xs" className={css.run} variant={active ? "default" : "filled"} disabled={!enabled} leftSection={<command.icon size={13} />} onClick={() => command.run(context)}>
      {t(command.label)}
    </Button>
  );
  return runnable ? button : <Tooltip label={t("run.denied")}><span>{button}</span></Tooltip>;
}

/** Those who have the package open as well; each once, however many tabs they have. */
function Others() {
  const { t } = useText();
  const others = useStudioState((s) => s.others);
  const names = [...new Set([...others.values()].map((p) => p.name))];
  if (names.length === 0) return null;
  const shown = names.slice(0, 4);
  return (
    <ul className={css.others} aria-label={t("presence.title")}>
      {shown.map((n) => <li key={n} title={t("presence.here", { name: n })}><Avatar name={n} size={24} /><span className="w-only-heard">{n}</span></li>)}
      {names.length > shown.length && <li>+{names.length - shown.length}</li>}
    </ul>
  );
}

/** Services of the package are not published; the messages say why. */
function Unpublished() {
  const { t } = useText();
  const { view } = useCommandContext();
  const count = useStudioState((s) => new Set(s.unpublished.map((p) => p.service)).size);
  if (count === 0) return null;
  return (
    <Button size="compact-xs" variant="default" c="var(--w-failed)" leftSection={<IconPlugConnectedX size={13} />} onClick={() => view.setState({ tab: "messages", bottomOpen: true })}>
      {t("services.not_published")}
    </Button>
  );
}

function SaveState() {
  const { t } = useText();
  const conflict = useStudioState((s) => s.file?.refusal ?? s.file?.conflict ?? null);
  const writable = useStudioState((s) => s.writable);
  // Why, and what can be done, stands above the canvas.
  if (conflict) return <span className={css.save} data-lost="true" role="status"><IconAlertTriangle size={14} stroke={1.7} aria-hidden />{t("save.conflict")}</span>;
  return writable ? <SaveWords /> : <span className={css.save}><IconLock size={14} stroke={1.7} aria-hidden />{t("package.read_only_short")}</span>;
}

function SaveWords() {
  const { t } = useText();
  const connection = useStudioState((s) => s.connection);
  const pending = useStudioState((s) => s.doc?.pending.length ?? 0);
  const behind = useStudioState((s) => s.doc !== null && s.file !== null && s.file.saved < s.doc.number);
  const [Icon, text] = connection === "lost" ? [IconCloudOff, pending > 0 ? t("save.waiting", { count: pending }) : t("conn.lost_short")] as const
    : pending > 0 ? [IconCloudUp, t("save.pending", { count: pending })] as const
    : behind ? [IconCloudUp, t("save.saving")] as const
    : [IconCloudCheck, t("save.saved")] as const;
  return (
    <span className={css.save} data-lost={connection === "lost"} role="status">
      <Icon size={14} stroke={1.7} aria-hidden />
      {text}
    </span>
  );
}

function MainMenu() {
  const { t } = useText();
  return (
    <Menu position="bottom-start" width={300}>
      <Menu.Target>
        <ActionIcon aria-label={t("app.menu")}><IconMenu2 size={18} stroke={1.7} /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah="80vh" style={{ overflow: "auto" }}>
        <MenuGroups />
      </Menu.Dropdown>
    </Menu>
  );
}

function MenuGroups() {
  const { t } = useText();
  const context = useCommandContext();
  // The keyboard comes to the first that can be chosen: a disabled one would not take it.
  const [first] = useState(() => commands.find((c) => c.group === groups[0] && !c.small && c.enabled(context)) ?? commands.find((c) => !c.small && c.enabled(context)));
  return groups.map((g, i) => (
    <div key={g} role="group" aria-label={t(`cmd.group.${g}`)}>
      {i > 0 && <Menu.Divider />}
      <Menu.Label aria-hidden>{t(`cmd.group.${g}`)}</Menu.Label>
      {commands.filter((c) => c.group === g && !c.small).map((c) => <MenuItem key={c.id} command={c} first={c === first} />)}
    </div>
  ));
}

function MenuItem({ command, first }: { readonly command: AppCommand; readonly first: boolean }) {
  const { t } = useText();
  const context = useCommandContext();
  const enabled = useEnabled(command);
  const keys = command.shortcuts?.[0];
  return (
    <Menu.Item disabled={!enabled} data-autofocus={first || undefined} leftSection={<command.icon size={15} stroke={1.7} />} rightSection={keys && <Keys keys={spellKeys(keys, isMac())} />} onClick={() => command.run(context)}>
      {t(command.label)}
    </Menu.Item>
  );
}
