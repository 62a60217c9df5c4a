import { terminalOf } from "../../compose/terminal.ts";
import assert from "node:assert/strict";

/** A terminal of 80 columns whose two streams end up on one screen. */
function screen({ isWatched = true }: { isWatched?: boolean } = {}) {
  const written: string[] = [];
  const target = {
    writeSync(bytes: Uint8Array) {
      written.push(new TextDecoder().decode(bytes));
      return bytes.length;
    },
  };
  return { written, terminal: terminalOf({ out: target, error: target, columns: () => isWatched ? 80 : null }) };
}

Deno.test("a status is replaced in one write, and not written again where nothing changed", () => {
  const { written, terminal } = screen();
  terminal.showStatus?.("page 1");
  terminal.showStatus?.("page 1");
  terminal.showStatus?.("page 2");
  terminal.showStatus?.(null);
  terminal.showStatus?.(null);
  assert.deepEqual(written, ["\rpage 1\x1b[K", "\rpage 2\x1b[K", "\r\x1b[K"]);
});

Deno.test("whatever is written comes above the status", () => {
  const { written, terminal } = screen();
  terminal.showStatus?.("page 1");
  terminal.writeError("a warning\n");
  terminal.showStatus?.(null);
  terminal.write("done\n");
  assert.equal(written.join(""), "\rpage 1\x1b[K\r\x1b[Ka warning\npage 1\r\x1b[Kdone\n");
});

Deno.test("without a person who watches there is no status", () => {
  const { written, terminal } = screen({ isWatched: false });
  assert.equal(terminal.showStatus, undefined);
  assert.equal(terminal.columns, 80);
  terminal.writeError("a line\n");
  assert.deepEqual(written, ["a line\n"]);
});
