import { memo } from "react";
import { isSystem, type Row } from "../model/rows";
import { dayName, messageTime } from "../model/time";
import { Avatar } from "../ui/Avatar";
import { Time } from "../ui/Time";
import { MessageView } from "./MessageView";
import { OutgoingView } from "./OutgoingView";

interface Props {
  row: Row;
  named: boolean;
  editing: boolean;
  setEditing: (key: string | null) => void;
}

export const MessageRow = memo(function MessageRow(props: Props) {
  const { row } = props;
  return (
    <>
      {row.startsDay && (
        <div className="day">
          <Time time={row.time} format={dayName} />
        </div>
      )}
      {row.startsUnread && <div className="unread-line">New messages</div>}
      {isSystem(row) ? <SystemMessage row={row} /> : <PersonsMessage {...props} />}
    </>
  );
});

function SystemMessage({ row }: { row: Row }) {
  return (
    <p className="system">
      {row.entry.type === "message" && <bdi>{row.entry.message.body}</bdi>}
      {" · "}
      <Time time={row.time} format={messageTime} />
    </p>
  );
}

function PersonsMessage({ row, named, editing, setEditing }: Props) {
  const { entry, sender, mine, startsGroup, endsGroup } = row;
  return (
    <article
      className="message"
      data-mine={mine}
      data-first={startsGroup}
      data-last={endsGroup}
      tabIndex={-1}
      aria-label={mine ? "You" : sender.display_name}
    >
      {!mine && startsGroup && <Avatar id={sender.id} name={sender.display_name} size="small" />}
      <div className="message-body">
        <header className={startsGroup ? "message-header" : "message-side"}>
          {named && startsGroup && <strong dir="auto">{sender.display_name}</strong>}
          <Time time={row.time} format={messageTime} />
        </header>
        {entry.type === "message" ? (
          <MessageView
            message={entry.message}
            mine={mine}
            editing={editing}
            edit={() => setEditing(row.key)}
            stopEditing={() => setEditing(null)}
          />
        ) : (
          <OutgoingView outgoing={entry.outgoing} />
        )}
      </div>
    </article>
  );
}
