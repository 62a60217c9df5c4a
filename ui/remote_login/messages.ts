import { z } from "zod";
import type { ScreenFrame, ScreenInput, ScreenPlace } from "../../domain/remote_screen.ts";

/** What a viewer may send at most in one message; a pasted text is the longest. */
export const MAX_MESSAGE_CHARS = 64 * 1024;
const MAX_TEXT_CHARS = 10_000;
const MAX_FINGERS = 10;
/** A page wider than this is no screen that a person looks at. */
const MAX_PIXELS = 4_000;

const position = z.number().min(-MAX_PIXELS).max(MAX_PIXELS);
const modifiers = z.int().min(0).max(15);

const screenInput = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("mouse"),
    action: z.enum(["move", "down", "up"]),
    x: position,
    y: position,
    button: z.enum(["none", "left", "middle"]),
    buttons: z.int().min(0).max(7),
    clicks: z.int().min(0).max(3),
    modifiers,
  }),
  z.strictObject({ type: z.literal("wheel"), x: position, y: position, dx: position, dy: position, modifiers }),
  z.strictObject({
    type: z.literal("touch"),
    action: z.enum(["start", "move", "end", "cancel"]),
    points: z.array(z.strictObject({ x: position, y: position, id: z.int().min(0).max(MAX_FINGERS - 1) }))
      .max(MAX_FINGERS),
  }),
  z.strictObject({
    type: z.literal("key"),
    action: z.enum(["down", "up"]),
    key: z.string().min(1).max(32),
    code: z.string().max(32),
    keyCode: z.int().min(0).max(255),
    location: z.int().min(0).max(3),
    isRepeat: z.boolean(),
    modifiers,
  }),
  z.strictObject({ type: z.literal("text"), text: z.string().min(1).max(MAX_TEXT_CHARS) }),
  z.strictObject({ type: z.literal("go"), to: z.enum(["back", "reload", "usage", "close"]) }),
  z.strictObject({
    type: z.literal("size"),
    width: z.int().min(240).max(2_560),
    height: z.int().min(200).max(2_560),
    scale: z.number().min(1).max(2),
    hasTouch: z.boolean(),
  }),
]);

const viewerMessage = z.union([screenInput, z.strictObject({ type: z.literal("shown") })]);

/** What a viewer sends: input, or that the last picture has been shown. */
export type ViewerMessage = ScreenInput | { readonly type: "shown" };

/** The message, or null for anything that is none. What it holds is never repeated: it may be a password. */
export function readMessage(data: unknown): ViewerMessage | null {
  if (typeof data !== "string" || data.length > MAX_MESSAGE_CHARS) return null;
  try {
    return viewerMessage.parse(JSON.parse(data));
  } catch {
    return null;
  }
}

/** What a viewer is told, besides the pictures. */
export type ServerMessage =
  | { readonly type: "place" } & ScreenPlace
  | { readonly type: "typing"; readonly isTyping: boolean }
  | { readonly type: "notice"; readonly text: string }
  | { readonly type: "step"; readonly text: string }
  /** How long the whole login may still take. */
  | { readonly type: "time"; readonly leftMs: number }
  | { readonly type: "end"; readonly title: string; readonly text: string };

/** A picture as one message: width and height in two bytes each, then the JPEG. */
export function frameMessage({ jpeg, width, height }: ScreenFrame): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(4 + jpeg.length);
  const header = new DataView(message.buffer);
  header.setUint16(0, Math.round(width));
  header.setUint16(2, Math.round(height));
  message.set(jpeg, 4);
  return message;
}
