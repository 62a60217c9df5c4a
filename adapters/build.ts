import { z } from "zod";

const buildJson = z.object({ commit: z.string().nullable() });

/** The commit that the running binary was made from; null where it runs from source or was made outside of git. */
export function buildCommit(): string | null {
  if (!Deno.build.standalone) return null;
  return buildJson.parse(JSON.parse(Deno.readTextFileSync(new URL("../dist/build.json", import.meta.url)))).commit;
}
