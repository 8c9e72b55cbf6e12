import { useState } from "react";
import type { Message } from "../api/types";
import { isJumboEmoji } from "../model/text";
import { fullTime } from "../model/time";
import { locale } from "../state/clock";
import { DeleteDialog } from "./DeleteDialog";
import { MessageEditor } from "./MessageEditor";
import { MessageMenu } from "./MessageMenu";
import { MessageText } from "./MessageText";

interface Props {
  message: Message;
  mine: boolean;
  editing: boolean;
  edit: () => void;
  stopEditing: () => void;
}

export function MessageView({ message, mine, editing, edit, stopEditing }: Props) {
  const [deleting, setDeleting] = useState(false);
  if (message.body === null) {
    return (
      <div className="bubble bubble-deleted">{mine ? "You deleted this" : "Message deleted"}</div>
    );
  }
  if (editing && mine) {
    return <MessageEditor message={message} body={message.body} close={stopEditing} />;
  }
  return (
    <div className="bubble-line">
      <div className="bubble" data-bare={isJumboEmoji(message.body)}>
        <MessageText text={message.body} />
        {message.edited_at && (
          <small className="edited" title={fullTime(message.edited_at, locale)}>
            edited
          </small>
        )}
      </div>
      {mine && <MessageMenu edit={edit} remove={() => setDeleting(true)} />}
      {deleting && <DeleteDialog message={message} close={() => setDeleting(false)} />}
    </div>
  );
}
