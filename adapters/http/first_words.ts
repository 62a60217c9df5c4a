import { redactSecrets } from "../../domain/redact.ts";

const MAX_BYTES = 2_048;
const MAX_WORDS = 160;

/** The beginning of a body in one line, and no more of it is read; empty where it is a page for a browser. */
export async function firstWords(response: Response, secrets: readonly string[]): Promise<string> {
  const bytes: number[] = [];
  const reader = response.body?.getReader();
  while (reader !== undefined && bytes.length < MAX_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes.push(...value.subarray(0, MAX_BYTES));
  }
  await reader?.cancel();
  const text = new TextDecoder().decode(new Uint8Array(bytes.slice(0, MAX_BYTES)));
  if (/^\s*</.test(text)) return "";
  // Cleaned before it is cut, so that no half of a secret stays.
  const words = redactSecrets(text, secrets).replace(/[\p{Cc}\p{Cf}\u2028\u2029\s]+/gu, " ").trim();
  return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}…` : words;
}
