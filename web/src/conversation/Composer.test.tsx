// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createServices, type Services, ServicesProvider } from "../state/services";
import { Composer } from "./Composer";

let services: Services;
let sent: string[];
let edits: number;

beforeEach(() => {
  services = createServices();
  sent = [];
  edits = 0;
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(conversation = "dm:ada:bea") {
  render(
    <ServicesProvider value={services}>
      <Composer
        conversation={conversation}
        label="Message to Bea"
        send={(body) => sent.push(body)}
        editLast={() => {
          edits += 1;
        }}
      />
    </ServicesProvider>,
  );
  return screen.getByLabelText<HTMLTextAreaElement>("Message to Bea");
}
const type = (box: HTMLElement, value: string) => fireEvent.change(box, { target: { value } });

test("Enter sends, and the box is empty at once and keeps the focus", () => {
  const box = show();
  type(box, "  hello\n");
  fireEvent.keyDown(box, { key: "Enter" });
  expect(sent).toEqual(["hello"]);
  expect(box.value).toBe("");
  expect(document.activeElement).toBe(box);
});

test("Shift+Enter does not send, nor does the Enter of an input method", () => {
  const box = show();
  type(box, "hello");
  fireEvent.keyDown(box, { key: "Enter", shiftKey: true });
  fireEvent.keyDown(box, { key: "Enter", isComposing: true });
  expect(sent).toEqual([]);
});

test("on a touch screen Enter breaks the line and the button sends", () => {
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
  const box = show();
  type(box, "hello");
  fireEvent.keyDown(box, { key: "Enter" });
  expect(sent).toEqual([]);
  fireEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(sent).toEqual(["hello"]);
});

test("blank and too long texts cannot be sent", () => {
  const box = show();
  const button = screen.getByRole<HTMLButtonElement>("button", { name: "Send" });
  type(box, " \n ");
  expect(button.disabled).toBe(true);
  type(box, "👋".repeat(4001));
  expect(button.disabled).toBe(true);
  expect(screen.getByText("-1")).toBeTruthy();
  fireEvent.keyDown(box, { key: "Enter" });
  expect(sent).toEqual([]);
});

test("each conversation has its own draft", () => {
  type(show("dm:ada:bea"), "for Bea");
  cleanup();
  expect(show("dm:ada:cleo").value).toBe("");
  cleanup();
  expect(show("dm:ada:bea").value).toBe("for Bea");
});

test("the arrow up edits the last message, but only out of an empty box", () => {
  const box = show();
  fireEvent.keyDown(box, { key: "ArrowUp" });
  type(box, "text");
  fireEvent.keyDown(box, { key: "ArrowUp" });
  expect(edits).toBe(1);
});
