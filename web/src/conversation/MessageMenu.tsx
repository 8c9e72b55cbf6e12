import * as Menu from "@radix-ui/react-dropdown-menu";
import { useRef } from "react";
import { Icon } from "../ui/Icon";

interface Props {
  edit: () => void;
  remove: () => void;
}

export function MessageMenu({ edit, remove }: Props) {
  const chosen = useRef(false);
  const choose = (action: () => void) => () => {
    chosen.current = true;
    action();
  };
  return (
    // Not modal: a modal one adds a style element, which the content security policy forbids.
    <Menu.Root modal={false}>
      <Menu.Trigger className="message-menu" tabIndex={-1} aria-label="Edit or delete">
        <Icon name="more" size={18} />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content
          className="menu"
          align="end"
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            // What was chosen takes the focus itself.
            if (chosen.current) event.preventDefault();
            chosen.current = false;
          }}
        >
          <Menu.Item className="menu-item" onSelect={choose(edit)}>
            <Icon name="pencil" size={18} /> Edit
          </Menu.Item>
          <Menu.Item className="menu-item menu-danger" onSelect={choose(remove)}>
            <Icon name="trash" size={18} /> Delete
          </Menu.Item>
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
