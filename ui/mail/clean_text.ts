/** Control characters, and those that turn the direction of what follows: names of models come from outside. */
const HIDDEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/** The text in one line: no header, line or direction begins in the middle of it. */
export function oneLine(text: string): string {
  return text.replace(HIDDEN, " ").replace(/ {2,}/g, " ").trim();
}

/** The text's paragraphs, each in one line. */
export function paragraphsOf(text: string): string[] {
  return text.split(/[\r\n]+/).map(oneLine).filter((line) => line !== "");
}
