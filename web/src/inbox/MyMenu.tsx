import * as Menu from "@radix-ui/react-dropdown-menu";
import { useLocation } from "wouter";
import { paths } from "../model/paths";
import { useMe, useSignOut } from "../state/session";
import { Avatar } from "../ui/Avatar";
import { Icon } from "../ui/Icon";

export function MyMenu() {
  const me = useMe();
  const signOut = useSignOut();
  const [, navigate] = useLocation();
  return (
    // Not modal: a modal one adds a style element, which the content security policy forbids.
    <Menu.Root modal={false}>
      <Menu.Trigger className="avatar-button" aria-label={`Your account, ${me.display_name}`}>
        <Avatar id={me.id} name={me.display_name} size="small" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content className="menu" align="end" sideOffset={6} collisionPadding={8}>
          <Menu.Label className="menu-label">
            <strong dir="auto">{me.display_name}</strong>
            <small>@{me.handle}</small>
          </Menu.Label>
          <Menu.Separator className="menu-line" />
          <Menu.Item className="menu-item" onSelect={() => navigate(paths.user(me.handle))}>
            <Icon name="user" size={18} /> Profile
          </Menu.Item>
          <Menu.Item className="menu-item" onSelect={() => navigate(paths.account)}>
            <Icon name="key" size={18} /> Account
          </Menu.Item>
          {me.admin && (
            <Menu.Item className="menu-item" onSelect={() => navigate(paths.table)}>
              <Icon name="table" size={18} /> Table
            </Menu.Item>
          )}
          <Menu.Item className="menu-item" onSelect={() => signOut.mutate()}>
            <Icon name="signOut" size={18} /> Sign out
          </Menu.Item>
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
