/** A browser's screen that is shown and driven from elsewhere: what both sides of the wire agree on. */

/** Keys held while something happens, as the DevTools protocol counts them: Alt 1, Control 2, Meta 4, Shift 8. */
type Modifiers = number;

/** What a person does, in the page's own pixels. */
export type ScreenInput =
  | {
    readonly type: "mouse";
    readonly action: "move" | "down" | "up";
    readonly x: number;
    readonly y: number;
    /** No right one: a browser's own menu is no part of the picture. */
    readonly button: "none" | "left" | "middle";
    /** Buttons held: left 1, middle 4. */
    readonly buttons: number;
    readonly clicks: number;
    readonly modifiers: Modifiers;
  }
  | {
    readonly type: "wheel";
    readonly x: number;
    readonly y: number;
    readonly dx: number;
    readonly dy: number;
    readonly modifiers: Modifiers;
  }
  | {
    readonly type: "touch";
    readonly action: "start" | "move" | "end" | "cancel";
    readonly points: readonly { readonly x: number; readonly y: number; readonly id: number }[];
  }
  | {
    readonly type: "key";
    readonly action: "down" | "up";
    readonly key: string;
    readonly code: string;
    readonly keyCode: number;
    /** Where on the keyboard: 0 anywhere, 1 left, 2 right, 3 number pad. */
    readonly location: number;
    readonly isRepeat: boolean;
    readonly modifiers: Modifiers;
  }
  /** Pasted, or composed by an input method. */
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "go"; readonly to: "back" | "reload" | "usage" | "close" }
  | {
    readonly type: "size";
    readonly width: number;
    readonly height: number;
    /** Device pixels per CSS pixel. */
    readonly scale: number;
    readonly hasTouch: boolean;
  };

/** One picture of the page. */
export interface ScreenFrame {
  readonly jpeg: Uint8Array<ArrayBuffer>;
  /** The page's size in its own pixels: what positions of the input are measured in. */
  readonly width: number;
  readonly height: number;
}

/** What the address bar and the buttons show. */
export interface ScreenPlace {
  /** Scheme and host of the page that is typed into, such as "https://authenticator.cursor.sh". */
  readonly origin: string;
  readonly path: string;
  readonly title: string;
  /** How many pages are open: more than one where a login opened a window of its own. */
  readonly pages: number;
}

/** Who looks at the screen. */
export interface ScreenViewer {
  /** The next picture comes once this one has been shown. */
  frame(frame: ScreenFrame): Promise<void>;
  place(place: ScreenPlace): void;
  /** A text field has, or has no longer, the focus: a phone shows its keyboard by it. */
  typing(isTyping: boolean): void;
  /** Something that the page asked for and that is not done from afar: a dialog, a file, a download. */
  notice(text: string): void;
}

/** A browser's screen. */
export interface RemoteScreen {
  /** Shows it to the viewer, in place of the one before; null for nobody. */
  showTo(viewer: ScreenViewer | null): Promise<void>;
  /** Does what the person did, in the page that is shown. What the page makes of it is not told. */
  input(input: ScreenInput): Promise<void>;
}
