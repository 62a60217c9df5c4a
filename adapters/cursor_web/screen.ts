import { TrackerError } from "../../domain/errors.ts";

/** @throws TrackerError where this machine has no screen to open a window on. */
export function requireScreen(env: Readonly<Record<string, string | undefined>>, os: string = Deno.build.os): void {
  const hasScreen = os !== "linux" || (env["DISPLAY"] ?? "") !== "" || (env["WAYLAND_DISPLAY"] ?? "") !== "";
  if (hasScreen) return;
  throw new TrackerError("Cannot open a browser window as this machine has no screen (DISPLAY is not set)", {
    hint: "Run 'tracker onboard --remote': it shows the browser on a page that you open on another device.",
    exitCode: 2,
  });
}
