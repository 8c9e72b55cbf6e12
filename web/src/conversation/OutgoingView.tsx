import { useQueryClient } from "@tanstack/react-query";
import { headSeq, type Log } from "../model/log";
import type { Outgoing } from "../model/outbox";
import { isJumboEmoji } from "../model/text";
import { keys } from "../state/cache";
import { useServices } from "../state/services";
import { MessageText } from "./MessageText";

export function OutgoingView({ outgoing }: { outgoing: Outgoing }) {
  const { state, body } = outgoing;
  return (
    <>
      <div className="bubble-line">
        <div className="bubble" data-state={state} data-bare={isJumboEmoji(body)}>
          <MessageText text={body} />
        </div>
        {(state === "waiting" || state === "sending") && (
          <small className="sending">Sending …</small>
        )}
      </div>
      {state === "failed" && <Failed outgoing={outgoing} />}
    </>
  );
}

function Failed({ outgoing }: { outgoing: Outgoing }) {
  const { outbox } = useServices();
  const cache = useQueryClient();
  const retry = () => {
    const log = cache.getQueryData<Log>(keys.log(outgoing.conversation));
    outbox.retry(outgoing.id, log && headSeq(log));
  };
  return (
    <p className="failed" role="alert">
      <span>Not sent. {outgoing.problem?.text}</span>
      {outgoing.problem?.retryable && (
        <button type="button" onClick={retry}>
          Retry
        </button>
      )}
      <button type="button" onClick={() => outbox.discard(outgoing.id)}>
        Discard
      </button>
    </p>
  );
}
