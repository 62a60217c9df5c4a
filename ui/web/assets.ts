import { VERSION } from "../../domain/version.ts";
import billingCharts from "../billing/assets/billing_charts.js" with { type: "text" };
import sortTables from "../billing/assets/sort_tables.js" with { type: "text" };
import axis from "./assets/charts/axis.js" with { type: "text" };
import charts from "./assets/charts/charts.js" with { type: "text" };
import marks from "./assets/charts/marks.js" with { type: "text" };
import options from "./assets/charts/options.js" with { type: "text" };
import tooltip from "./assets/charts/tooltip.js" with { type: "text" };
import live from "./assets/live.js" with { type: "text" };
import morph from "./assets/morph.js" with { type: "text" };
import theme from "./assets/theme.js" with { type: "text" };
import type { WebApp } from "./context.ts";
import { STYLE } from "./style.ts";
import apexcharts from "apexcharts/dist/apexcharts.min.js" with { type: "text" };
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const LIBRARY = "apexcharts.js";

/** Everything that pages load, embedded, so that nothing comes from another host. */
export const ASSETS = {
  "style.css": STYLE,
  "theme.js": theme,
  "charts.js": charts,
  "options.js": options,
  "axis.js": axis,
  "marks.js": marks,
  "tooltip.js": tooltip,
  [LIBRARY]: apexcharts,
  "billing_charts.js": billingCharts,
  "sort_tables.js": sortTables,
  "live.js": live,
  "morph.js": morph,
} as const;
type AssetName = keyof typeof ASSETS;

/** Another text with every change of what pages load, but for the library, whose version is fixed. */
const REVISION = `${VERSION}-${revisionOf(Object.entries(ASSETS).filter(([name]) => name !== LIBRARY))}`;

function revisionOf(assets: readonly (readonly [string, string])[]): string {
  const hash = createHash("sha256");
  for (const [, text] of assets) hash.update(text);
  return hash.digest("base64url").slice(0, 8);
}

/** Where the pages find it; the revision in it lets browsers keep it for ever. */
export function assetPath(name: AssetName): string {
  return `/assets/${REVISION}/${name}`;
}

/** An asset as it is sent. */
interface Packed {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly encoding: "br" | "gzip" | null;
}

/** The last tenth that brotli could save takes ten times as long. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

/** Compresses each asset once, when it is first asked for. */
class AssetPacker {
  readonly #packed = new Map<string, Promise<Packed>>();

  /** The asset in the best way that an Accept-Encoding header allows. */
  pack(name: AssetName, accepted: string): Promise<Packed> {
    const encoding = (["br", "gzip"] as const).find((each) => accepts(accepted, each)) ?? null;
    const key = `${encoding} ${name}`;
    const packed = this.#packed.get(key) ?? compress(ASSETS[name], encoding);
    this.#packed.set(key, packed);
    return packed;
  }
}

/** Whether the header names the encoding without `q=0`. */
function accepts(header: string, encoding: string): boolean {
  return header.split(",").some((part) => {
    const [name = "", ...parameters] = part.toLowerCase().split(";").map((text) => text.trim());
    return name === encoding && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

async function compress(text: string, encoding: Packed["encoding"]): Promise<Packed> {
  if (encoding === null) return { bytes: new TextEncoder().encode(text), encoding };
  const buffer = encoding === "br" ? await promisify(brotliCompress)(text, BROTLI) : await promisify(gzip)(text);
  return { bytes: new Uint8Array(buffer), encoding };
}

/** GET /assets/…: embedded and compressed; a browser asks for each once. */
export function assetRoutes(app: WebApp): void {
  const packer = new AssetPacker();
  app.get("/assets/:revision/:name", async (context) => {
    const name = context.req.param("name");
    if (!isAsset(name)) return context.notFound();
    const { bytes, encoding } = await packer.pack(name, context.req.header("accept-encoding") ?? "");
    return context.body(bytes, 200, {
      "content-type": `${name.endsWith(".css") ? "text/css" : "text/javascript"}; charset=utf-8`,
      "content-length": String(bytes.length),
      "cache-control": "public, max-age=31536000, immutable",
      "vary": "accept-encoding",
      ...(encoding === null ? {} : { "content-encoding": encoding }),
    });
  });
}

function isAsset(name: string): name is AssetName {
  return Object.hasOwn(ASSETS, name);
}
