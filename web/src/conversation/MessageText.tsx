import { isJumboEmoji, textParts } from "../model/text";

/** Text as it was written; links open elsewhere and learn nothing about this page. */
export function MessageText({ text }: { text: string }) {
  return (
    <p className={isJumboEmoji(text) ? "text text-jumbo" : "text"} dir="auto">
      {textParts(text).map((part) =>
        part.href ? (
          <a key={part.at} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
            {part.text}
          </a>
        ) : (
          part.text
        ),
      )}
    </p>
  );
}
