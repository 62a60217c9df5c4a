import type { CliContext } from "../../../ui/cli/context.ts";
import assert from "node:assert/strict";

/** A context for looking at the commands only. */
export const idleContext: CliContext = {
  terminal: { write() {}, writeError() {}, isInteractive: false, columns: 80 },
  interrupted: new AbortController().signal,
  channelNames: ["email", "webhook"],
  config: () => assert.fail("no command is run here"),
  withServices: () => assert.fail("no command is run here"),
  serve: () => assert.fail("no command is run here"),
  onboard: () => assert.fail("no command is run here"),
  demo: () => assert.fail("no command is run here"),
  backups: () => assert.fail("no command is run here"),
  checkIntegrity: () => assert.fail("no command is run here"),
  serviceUnits: () => assert.fail("no command is run here"),
  commit: () => null,
  doctor: () => assert.fail("no command is run here"),
  bundle: () => assert.fail("no command is run here"),
  forget: () => assert.fail("no command is run here"),
  replaceFile: () => assert.fail("no command is run here"),
  confirm: () => assert.fail("no command is run here"),
  exitWith() {},
};
