import * as Menu from "@radix-ui/react-dropdown-menu";
import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";

interface Props {
  /** What it is about, for who cannot see where it stands. */
  name: string;
  children: ReactNode;
}

/** Three dots that open a menu. */
export function MoreMenu({ name, children }: Props) {
  return (
    // Not modal: a modal one adds a style element, which the content security policy forbids.
    <Menu.Root modal={false}>
      <Menu.Trigger className="icon-button" aria-label={name} title={name}>
        <Icon name="more" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content className="menu" align="end" sideOffset={4} collisionPadding={8}>
          {children}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}

interface ItemProps {
  icon: IconName;
  name: string;
  danger?: boolean;
  choose: () => void;
}

export function MoreMenuItem({ icon, name, danger = false, choose }: ItemProps) {
  return (
    <Menu.Item className={danger ? "menu-item menu-danger" : "menu-item"} onSelect={choose}>
      <Icon name={icon} size={18} /> {name}
    </Menu.Item>
  );
}
