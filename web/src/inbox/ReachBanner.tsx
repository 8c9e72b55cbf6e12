import { useIsReachable } from "../state/services";

export function ReachBanner() {
  const reachable = useIsReachable();
  return (
    <div className="banner" role="status" data-shown={!reachable}>
      {!reachable && "Tavola can’t be reached. Trying again …"}
    </div>
  );
}
