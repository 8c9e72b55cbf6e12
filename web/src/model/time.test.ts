import { describe, expect, test } from "vitest";
import {
  dayName,
  dayOf,
  daysBetween,
  displayLocale,
  fullTime,
  messageTime,
  shortTime,
} from "./time";

// The tests run in Rome (see vite.config.ts): an hour ahead of UTC in winter, two in summer.
const NOW = Date.parse("2026-11-21T15:00:00.000Z");
const at = (time: string) => time;

describe("the inbox", () => {
  test.each([
    ["2026-11-21T14:59:30.000Z", "now"],
    ["2026-11-21T15:05:00.000Z", "now"],
    ["2026-11-21T14:59:00.000Z", "1 min"],
    ["2026-11-21T14:00:01.000Z", "59 min"],
    ["2026-11-21T08:15:00.123Z", "09:15"],
    ["2026-11-20T15:00:00.000Z", "Yesterday"],
    ["2026-11-20T23:30:00.000Z", "00:30"],
    ["2026-11-16T12:00:00.000Z", "Mon"],
    ["2026-11-14T12:00:00.000Z", "14 Nov"],
    ["2025-12-31T12:00:00.000Z", "31 Dec 2025"],
  ])("%s is %j", (time, text) => {
    expect(shortTime(at(time), NOW, "en-GB")).toBe(text);
  });

  test("five minutes before midnight is still minutes, on the next day too", () => {
    const midnight = Date.parse("2026-11-20T23:02:00.000Z");
    expect(shortTime("2026-11-20T22:57:00.000Z", midnight, "en-GB")).toBe("5 min");
  });
});

describe("a message", () => {
  test.each([
    ["2026-11-21T14:59:30.000Z", "just now"],
    ["2026-11-21T14:48:00.000Z", "12 min ago"],
    ["2026-11-21T08:15:00.000Z", "09:15"],
  ])("%s is %j", (time, text) => {
    expect(messageTime(time, NOW, "en-GB")).toBe(text);
  });

  test("the clock is the reader's", () => {
    expect(messageTime("2026-11-21T13:15:00.000Z", NOW, "en-US")).toMatch(/^2:15\sPM$/);
  });
});

describe("a day", () => {
  test.each([
    ["2026-11-21T00:00:00.000Z", "Today"],
    ["2026-11-20T12:00:00.000Z", "Yesterday"],
    ["2026-11-17T12:00:00.000Z", "Tuesday"],
    ["2026-11-10T12:00:00.000Z", "Tuesday 10 November"],
    ["2024-02-29T12:00:00.000Z", "Thursday 29 February 2024"],
  ])("%s is %j", (time, text) => {
    expect(dayName(time, NOW, "en-GB").replace(",", "")).toBe(text);
  });

  test("a year that just began does not hide yesterday", () => {
    const newYear = Date.parse("2027-01-01T10:00:00.000Z");
    expect(dayName("2026-12-31T10:00:00.000Z", newYear, "en-GB")).toBe("Yesterday");
  });

  test("days with 23 and 25 hours count as one", () => {
    expect(daysBetween("2026-03-28T12:00:00.000Z", "2026-03-29T12:00:00.000Z")).toBe(1);
    expect(daysBetween("2026-10-24T21:30:00.000Z", "2026-10-25T22:30:00.000Z")).toBe(1);
    expect(daysBetween("2026-10-24T22:30:00.000Z", "2026-10-25T22:30:00.000Z")).toBe(0);
  });

  test("it is the reader's", () => {
    expect(dayOf("2026-11-20T23:30:00.000Z")).toBe("2026-11-21");
  });
});

test("the full time has day, year and seconds", () => {
  expect(fullTime("2026-11-21T08:15:07.000Z", "en-GB")).toMatch(
    /^Saturday,? 21 November 2026 at 09:15:07$/,
  );
});

test.each([
  [["de-DE", "en-US"], "en-US"],
  [["de-DE"], "en-GB"],
  [["en-AU", "en"], "en-AU"],
])("of %j dates are in %s", (languages, locale) => {
  expect(displayLocale(languages)).toBe(locale);
});
