import type { WebApp } from "../app.tsx";
import { type AssetName, AssetPacker, ASSETS } from "../assets.ts";

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
