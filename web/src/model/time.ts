/** Times as people read them. Everything is told in the reader's own time zone. */

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;

/** The locale for dates: the UI is English, so dates are too, in the reader's kind of English. */
export function displayLocale(languages: readonly string[]): string {
  return languages.find((language) => /^en(-|$)/i.test(language)) ?? "en-GB";
}

/** The local calendar day, such as "2026-11-21". */
export function dayOf(time: string | number): string {
  const date = new Date(time);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** How many midnights lie between two times; days of 23 and 25 hours count as one. */
export function daysBetween(earlier: string | number, later: string | number): number {
  const midnight = (time: string | number) => Date.parse(`${dayOf(time)}T00:00:00Z`);
  return Math.round((midnight(later) - midnight(earlier)) / 86_400_000);
}

/** For the inbox: as short as can be. */
export function shortTime(time: string, now: number, locale: string): string {
  const minutes = minutesSince(time, now);
  const days = daysBetween(time, now);
  if (minutes < 1) return "now";
  if (minutes < HOUR_MINUTES) return `${minutes} min`;
  if (days <= 0) return clock(time, locale);
  if (days === 1) return "Yesterday";
  if (days < 7) return format(time, locale, { weekday: "short" });
  return date(time, now, locale, "short");
}

/** For a message: the day stands above it already. */
export function messageTime(time: string, now: number, locale: string): string {
  const minutes = minutesSince(time, now);
  if (minutes < 1) return "just now";
  if (minutes < HOUR_MINUTES) return `${minutes} min ago`;
  return clock(time, locale);
}

export function dayName(time: string, now: number, locale: string): string {
  const days = daysBetween(time, now);
  if (days <= 0) return "Today";
  if (days === 1) return "Yesterday";
  if (days < 7) return format(time, locale, { weekday: "long" });
  return date(time, now, locale, "long");
}

/** Everything there is to know about a time, for titles. */
export function fullTime(time: string, locale: string): string {
  return format(time, locale, { dateStyle: "full", timeStyle: "medium" });
}

export function monthAndYear(time: string, locale: string): string {
  return format(time, locale, { month: "long", year: "numeric" });
}

function minutesSince(time: string, now: number): number {
  // A clock that runs ahead of ours is no reason to speak of the future.
  return Math.max(0, Math.floor((now - Date.parse(time)) / MINUTE_MS));
}

function clock(time: string, locale: string): string {
  return format(time, locale, { timeStyle: "short" });
}

function date(time: string, now: number, locale: string, month: "short" | "long"): string {
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  const weekday: Intl.DateTimeFormatOptions = month === "long" ? { weekday: "long" } : {};
  const year: Intl.DateTimeFormatOptions = sameYear ? {} : { year: "numeric" };
  return format(time, locale, { ...weekday, day: "numeric", month, ...year });
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(time: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  // Making a format costs a hundred times more than using it.
  const key = locale + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, known);
  return known.format(new Date(time));
}
