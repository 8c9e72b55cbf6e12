import * as Menu from "@radix-ui/react-dropdown-menu";
import { useRef } from "react";
import { Icon, type IconName } from "./Icon";

interface Item {
  icon: IconName;
  name: string;
  danger?: boolean;
  choose: () => void;
}

interface Props {
  /** What it is about, for who cannot see where it stands. */
  name: string;
  items: (Item | false)[];
}

/** Three dots that open a menu. */
export function MoreMenu({ name, items }: Props) {
  const trigger = useRef<HTMLButtonElement>(null);
  const chosen = useRef<(() => void) | null>(null);
  return (
    // Not modal: a modal one adds a style element, which the content security policy forbids.
    <Menu.Root modal={false}>
      <Menu.Trigger ref={trigger} className="icon-button" aria-label={name} title={name}>
        <Icon name="more" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content
          className="menu"
          align="end"
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            // A dialog that was chosen gives the focus back to where it came from: here.
            event.preventDefault();
            trigger.current?.focus();
            chosen.current?.();
            chosen.current = null;
          }}
        >
          {items
            .filter((item) => item !== false)
            .map((item) => (
              <Menu.Item
                key={item.name}
                className={item.danger ? "menu-item menu-danger" : "menu-item"}
                onSelect={() => {
                  chosen.current = item.choose;
                }}
              >
                <Icon name={item.icon} size={18} /> {item.name}
              </Menu.Item>
            ))}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
