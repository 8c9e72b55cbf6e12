// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { MessageText } from "./MessageText";

afterEach(cleanup);

test("links open elsewhere and learn nothing about this page", () => {
  render(<MessageText text="see https://a.example/x." />);
  const link = screen.getByRole<HTMLAnchorElement>("link");
  expect(link.getAttribute("href")).toBe("https://a.example/x");
  expect(link.rel).toContain("noopener");
  expect(link.rel).toContain("noreferrer");
  expect(link.target).toBe("_blank");
});

test("markup is text", () => {
  render(<MessageText text={'<img src=x onerror="alert(1)"> javascript:alert(1)'} />);
  expect(screen.queryByRole("img")).toBeNull();
  expect(screen.queryByRole("link")).toBeNull();
});

test("a text finds its own direction", () => {
  render(<MessageText text="مرحبا" />);
  expect(screen.getByText("مرحبا").dir).toBe("auto");
});
