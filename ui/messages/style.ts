import type { Tone } from "./view.ts";

/** The dashboard's tokens. Mail programs know no custom properties: each colour stands where it is used. */
const LIGHT = {
  background: "#f7f7f5",
  card: "#ffffff",
  line: "#e6e5e1",
  ink: "#1c1c1a",
  muted: "#65645f",
  accent: "#2f6fed",
  onAccent: "#ffffff",
  estimated: "#b9b8b2",
  stripe: "#dddcd7",
} as const;

const FONT = `system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Helvetica,Arial,sans-serif`;

const TONES: Readonly<Record<Tone, { ink: string; tint: string }>> = {
  accent: { ink: "#2458c4", tint: "#eaf0fe" },
  good: { ink: "#1a7f4b", tint: "#e6f3ec" },
  warn: { ink: "#8f4f00", tint: "#fbf0e0" },
  bad: { ink: "#b02a24", tint: "#fbeae9" },
};

/** Inline styles: what every mail program shows, also those that drop style sheets. */
export const inline = {
  body: `margin:0;padding:0;background:${LIGHT.background};color:${LIGHT.ink};font-family:${FONT};`,
  page: `width:100%;background:${LIGHT.background};`,
  frame: `width:100%;max-width:560px;`,
  card: `background:${LIGHT.card};border:1px solid ${LIGHT.line};border-radius:10px;padding:24px;`,
  brand: `font:600 14px/20px ${FONT};color:${LIGHT.ink};padding:0 4px 12px;`,
  title: `margin:12px 0 0;font:600 22px/29px ${FONT};color:${LIGHT.ink};`,
  heading: `font:600 16px/23px ${FONT};color:${LIGHT.ink};`,
  subtitle: `margin:8px 0 0;font:600 16px/23px ${FONT};color:${LIGHT.ink};`,
  paragraph: `margin:8px 0 0;font:400 15px/23px ${FONT};color:${LIGHT.ink};`,
  code: `font:400 14px/20px ui-monospace,Menlo,Consolas,monospace;`,
  small: `margin:8px 0 0;font:400 13px/19px ${FONT};color:${LIGHT.muted};`,
  section: `border-top:1px solid ${LIGHT.line};padding-top:20px;`,
  label: `font:400 13px/19px ${FONT};color:${LIGHT.muted};`,
  value: `font:600 18px/25px ${FONT};color:${LIGHT.ink};font-variant-numeric:tabular-nums;`,
  bars: `height:88px;vertical-align:bottom;border-bottom:1px solid ${LIGHT.line};`,
  unknown: `vertical-align:bottom;text-align:center;font:400 11px/14px ${FONT};color:${LIGHT.muted};`,
  axis: `font:400 12px/18px ${FONT};color:${LIGHT.muted};padding-top:4px;`,
  button: `background:${LIGHT.accent};border-radius:8px;`,
  link:
    `display:inline-block;padding:10px 18px;font:600 15px/20px ${FONT};color:${LIGHT.onAccent};text-decoration:none;`,
  footer: `padding:14px 4px 0;font:400 12px/18px ${FONT};color:${LIGHT.muted};`,
  preview: `display:none;max-height:0;overflow:hidden;mso-hide:all;`,
} as const;

/** The badge in its tone. */
export function badgeStyle(tone: Tone): string {
  const { ink, tint } = TONES[tone];
  return `display:inline-block;padding:2px 9px;border-radius:10px;font:600 12px/18px ${FONT};color:${ink};background:${tint};`;
}

/** The bar of a day; an estimated one is grey, and hatched where the mail program can. */
export function barStyle({ height, isEstimated }: { height: number; isEstimated: boolean }): string {
  const { estimated, stripe, accent } = LIGHT;
  const hatch = `background-image:repeating-linear-gradient(135deg,${estimated} 0 3px,${stripe} 3px 6px);`;
  const fill = isEstimated ? `background-color:${estimated};${hatch}` : `background-color:${accent};`;
  return `height:${height}px;font-size:0;line-height:0;border-radius:2px 2px 0 0;${fill}`;
}

/** The narrow window, for the mail programs that read style sheets. */
export const NARROW =
  `@media (max-width:480px){.card{padding:18px 16px!important}.title{font-size:20px!important;line-height:27px!important}}`;

/** Dark, for those that ask for it; in an element of its own, so that a program that drops it keeps the rest. */
export const DARK = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.bg{background:#131312!important}
.card{background:#1b1b1a!important;border-color:#2d2d2a!important}
.line{border-color:#2d2d2a!important}
.ink{color:#ecebe6!important}
.muted{color:#a09f98!important}
.bar{background-color:#7aa5ff!important}
.estimated{background-color:#55544f!important;background-image:repeating-linear-gradient(135deg,#55544f 0 3px,#3a3a37 3px 6px)!important}
.button{background:#7aa5ff!important}
.link{color:#131312!important}
.accent{color:#7aa5ff!important;background:#1e2637!important}
.good{color:#5cc98f!important;background:#17281f!important}
.warn{color:#e5a44b!important;background:#2c2316!important}
.bad{color:#f08079!important;background:#2f1d1c!important}
}`;
