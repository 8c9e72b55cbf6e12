import { useQueryClient } from "@tanstack/react-query";
import { headSeq, type Log } from "../model/log";
import type { Outgoing } from "../model/outbox";
import { keys } from "../state/cache";
import { useServices } from "../state/services";
import { MessageText } from "./MessageText";

export function OutgoingView({ outgoing }: { outgoing: Outgoing }) {
  return (
    <div className="bubble-line">
      <div className="bubble" data-state={outgoing.state}>
        <MessageText text={outgoing.body} />
      </div>
      {outgoing.state === "failed" ? (
        <Failed outgoing={outgoing} />
      ) : (
        outgoing.state !== "sent" && <small className="sending">Sending …</small>
      )}
    </div>
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
