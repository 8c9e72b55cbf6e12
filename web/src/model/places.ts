/** Which of the main pages one is at. */

export type Place = "messages" | "groups" | "people" | "profile" | "table";

/** Null where it is none of them. */
export function placeOf(path: string, myHandle: string): Place | null {
  const [, first = "", second = ""] = path.split("/");
  switch (first) {
    case "messages":
    case "groups":
    case "table":
      return first;
    case "account":
      return "profile";
    case "users":
      return isHandle(second, myHandle) ? "profile" : "people";
    default:
      return null;
  }
}

function isHandle(inPath: string, handle: string): boolean {
  // Handles are ASCII without what an address escapes.
  return inPath.toLowerCase() === handle.toLowerCase();
}
