import { posix } from "node:path";

/** Marks of a fenced block: the same indent and fence open and close it. */
const FENCED = /^( *)(```+)(\w*)[^\n]*\n([\s\S]*?)^\1\2 *$/gm;
const INLINE = /(`+)(.+?)\1/gs;
const LINK = /!?\[[^\]]*\]\(([^)\s]+)\)/g;

/** The texts of a document's fenced blocks in the language. */
export function fencedBlocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(FENCED)].filter(([, , , name]) => name === language)
    .map(([, indent = "", , , text = ""]) => text.replaceAll(new RegExp(`^${indent}`, "gm"), ""));
}

/** What stands between backticks outside of fenced blocks, in one line. */
export function inlineCode(markdown: string): string[] {
  return [...markdown.replaceAll(FENCED, "").matchAll(INLINE)]
    .map(([, , text = ""]) => text.replaceAll(/\s+/g, " ").replaceAll("\\|", "|").trim());
}

/** A link to a file of the project, with the heading that is meant. */
interface LocalLink {
  readonly path: string;
  /** Empty where the whole file is meant. */
  readonly anchor: string;
}

/** Links and images that lead to no other host, by paths from the project's folder. */
export function localLinks(markdown: string, from: string): LocalLink[] {
  const targets = [...markdown.replaceAll(FENCED, "").matchAll(LINK)].map(([, target = ""]) => target);
  return targets.filter((target) => !/^[a-z]+:/i.test(target)).map((target) => {
    const [path = "", anchor = ""] = target.split("#");
    return { path: path === "" ? from : posix.normalize(posix.join(posix.dirname(from), path)), anchor };
  });
}

/** The anchors of a document's headings, as GitHub makes them. */
export function anchors(markdown: string): string[] {
  const headings = [...markdown.replaceAll(FENCED, "").matchAll(/^#{1,6} +(.+)$/gm)].map(([, text = ""]) => text);
  return headings.map((text) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(/\s/g, "-"));
}
