import type { Notices } from "../notices.ts";
import { wrapped } from "./wrap.ts";

/** Notices as text for a terminal of this width; nothing where all is well. */
export function noticesText({ trouble, warnings }: Notices, width: number): string {
  const all = [...(trouble === null ? [] : [trouble]), ...warnings];
  return all.map(({ headline, details, mend }) => {
    const lines = wrapped(`${headline}. ${details}`, width);
    if (mend !== null) lines.push(`Try:   ${mend}`);
    return `${lines.join("\n")}\n\n`;
  }).join("");
}
