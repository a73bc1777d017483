import { ActionIcon, Button, createTheme, type CSSVariablesResolver, Input, InputWrapper, type MantineColorsTuple, Menu, Modal, Tooltip } from "@mantine/core";

const petrol: MantineColorsTuple = [
  "#e6f3f2", "#d0e6e5", "#a3cdcb", "#72b3b1", "#4b9d9b", "#2c8889", "#177477", "#0d5c63", "#0b4f55", "#083f44",
];

const dark: MantineColorsTuple = [
  "#e8eeec", "#b3bfbc", "#8c9996", "#5c6a67", "#45524f", "#293331", "#1d2625", "#171e1d", "#111716", "#0b100f",
];

/** Mantine's controls in the look of tokens.css. The page never scrolls, so that dialogs need not lock it. */
export const theme = createTheme({
  colors: { petrol, dark },
  primaryColor: "petrol",
  primaryShade: { light: 7, dark: 6 },
  fontFamily: "var(--w-font)",
  fontFamilyMonospace: "var(--w-mono)",
  defaultRadius: 6,
  fontSizes: { xs: "11.5px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  cursorType: "pointer",
  components: {
    Button: Button.extend({ defaultProps: { size: "xs" } }),
    ActionIcon: ActionIcon.extend({ classNames: { root: "w-icon" }, defaultProps: { variant: "subtle", color: "gray", size: 28 } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 350, withArrow: false, offset: 6 } }),
    Menu: Menu.extend({ defaultProps: { shadow: "md", radius: 8, transitionProps: { duration: 80 }, withInitialFocusPlaceholder: false, withinPortal: false, floatingStrategy: "fixed" } }),
    Modal: Modal.extend({ defaultProps: { radius: 12, transitionProps: { duration: 100 }, lockScroll: false, overlayProps: { backgroundOpacity: 0.4 } } }),
    ModalRoot: Modal.Root.extend({ defaultProps: { transitionProps: { duration: 100 }, lockScroll: false } }),
    ModalOverlay: Modal.Overlay.extend({ defaultProps: { backgroundOpacity: 0.4 } }),
    ModalContent: Modal.Content.extend({ defaultProps: { radius: 12 } }),
    Input: Input.extend({ defaultProps: { size: "xs" } }),
    InputWrapper: InputWrapper.extend({ classNames: { label: "w-label" }, defaultProps: { size: "xs" } }),
  },
});

const shared = {
  "--mantine-color-body": "var(--w-panel)",
  "--mantine-color-text": "var(--w-ink)",
  "--mantine-color-dimmed": "var(--w-ink-3)",
  "--mantine-color-placeholder": "var(--w-ink-3)",
  "--mantine-color-default": "var(--w-raised)",
  "--mantine-color-default-hover": "var(--w-hover)",
  "--mantine-color-default-color": "var(--w-ink)",
  "--mantine-color-default-border": "var(--w-line-strong)",
  "--mantine-color-gray-light-hover": "var(--w-hover)",
  "--mantine-color-gray-light-color": "var(--w-ink-2)",
  "--mantine-color-error": "var(--w-failed)",
  "--mantine-color-petrol-light": "var(--w-brand-soft)",
  "--mantine-color-petrol-light-hover": "color-mix(in srgb, var(--w-brand) 14%, var(--w-brand-soft))",
  "--mantine-color-petrol-light-color": "var(--w-brand-ink)",
};

export const variables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
