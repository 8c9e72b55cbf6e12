import { fullTime } from "../model/time";
import { locale, useNow } from "../state/clock";

interface Props {
  time: string;
  format: (time: string, now: number, locale: string) => string;
}

/** A time in words; the full one is its title. */
export function Time({ time, format }: Props) {
  const now = useNow();
  return (
    <time dateTime={time} title={fullTime(time, locale)}>
      {format(time, now, locale)}
    </time>
  );
}
