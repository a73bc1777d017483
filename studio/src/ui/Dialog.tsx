import { Modal } from "@mantine/core";
import { useText } from "../i18n/i18n";
import css from "./ui.module.css";

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: React.ReactNode;
  readonly size: number;
  readonly children: React.ReactNode;
}

/** A dialog with a title. Its head is no landmark: the page has its own. */
export function Dialog({ opened, onClose, title, size, children }: Props) {
  const { t } = useText();
  return (
    <Modal.Root opened={opened} onClose={onClose} size={size}>
      <Modal.Overlay />
      <Modal.Content>
        <div className={css.dialogHead}>
          <Modal.Title className={css.dialogTitle}>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t("common.close")} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
