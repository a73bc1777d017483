import { ActionIcon, Button, Menu, Tooltip } from "@mantine/core";
import { IconCloudCheck, IconCloudOff, IconCloudUp, IconMenu2, IconSearch } from "@tabler/icons-react";
import { packageLabel } from "../graph/model";
import { useText } from "../i18n/i18n";
import { Keys } from "../ui/Keys";
import { Logo } from "../ui/Logo";
import css from "./app.module.css";
import { type AppCommand, commandByID, type CommandGroup, commands } from "./commands";
import { useCommandContext, useStudioState, useView } from "./context";
import { isMac, spellKeys } from "./shortcuts";

/** The top of the screen: menu, package, tools, run. */
export function TopBar() {
  const { t } = useText();
  const context = useCommandContext();
  const label = useStudioState((s) => (s.doc ? packageLabel(s.doc.shown) : ""));
  const path = useStudioState((s) => s.path);
  return (
    <header className={css.top}>
      <MainMenu />
      <button type="button" className={css.brand} onClick={() => context.app.home()} aria-label={t("cmd.home")}>
        <Logo />
      </button>
      <div className={css.title}>
        <h1 className={css.package}>{label || path}</h1>
        <SaveState />
      </div>
      <div className={css.tools} role="toolbar" aria-label={t("app.toolbar")}>
        {commands.filter((c) => c.toolbar === "history").map((c) => <ToolButton key={c.id} command={c} />)}
        <span className={css.gap} />
        {commands.filter((c) => c.toolbar === "view").map((c) => <ToolButton key={c.id} command={c} />)}
      </div>
      <button type="button" className={css.search} onClick={() => context.view.setState({ palette: true })}>
        <IconSearch size={14} aria-hidden />
        <span>{t("cmd.search")}</span>
        <Keys keys={spellKeys("Mod+K", isMac())} />
      </button>
      <div className={css.tools} role="toolbar" aria-label={t("cmd.group.view")}>
        {["left", "bottom", "right"].map((id) => <PanelButton key={id} id={id} />)}
      </div>
      <RunButton />
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
  const command = commandByID(active ? "cancel" : "run");
  const enabled = useEnabled(command);
  return (
    <Button size="xs" className={css.run} variant={active ? "default" : "filled"} disabled={!enabled} leftSection={<command.icon size={13} />} onClick={() => command.run(context)}>
      {t(command.label)}
    </Button>
  );
}

function SaveState() {
  const { t } = useText();
  const connection = useStudioState((s) => s.connection);
  const pending = useStudioState((s) => s.doc?.pending.length ?? 0);
  const [Icon, text] = connection === "lost" ? [IconCloudOff, t("conn.lost_short")] as const
    : pending > 0 ? [IconCloudUp, t("save.pending", { count: pending })] as const
    : [IconCloudCheck, t("save.saved")] as const;
  return (
    <span className={css.save} data-lost={connection === "lost"} role="status">
      <Icon size={14} stroke={1.7} aria-hidden />
      {text}
    </span>
  );
}

const groups: readonly CommandGroup[] = ["edit", "select", "view", "run", "app"];

function MainMenu() {
  const { t } = useText();
  return (
    <Menu position="bottom-start" width={300} withinPortal={false}>
      <Menu.Target>
        <ActionIcon aria-label={t("app.menu")}><IconMenu2 size={18} stroke={1.7} /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah="80vh" style={{ overflow: "auto" }}>
        {groups.map((g, i) => (
          <div key={g} role="group" aria-label={t(`cmd.group.${g}`)}>
            {i > 0 && <Menu.Divider />}
            <Menu.Label aria-hidden>{t(`cmd.group.${g}`)}</Menu.Label>
            {commands.filter((c) => c.group === g).map((c) => <MenuItem key={c.id} command={c} />)}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function MenuItem({ command }: { readonly command: AppCommand }) {
  const { t } = useText();
  const context = useCommandContext();
  const enabled = useEnabled(command);
  const keys = command.shortcuts?.[0];
  return (
    <Menu.Item disabled={!enabled} leftSection={<command.icon size={15} stroke={1.7} />} rightSection={keys && <Keys keys={spellKeys(keys, isMac())} />} onClick={() => command.run(context)}>
      {t(command.label)}
    </Menu.Item>
  );
}
