import type { TokenCounts } from "../domain/usage.ts";

/** Token counts as every answer has them. */
export function tokensJson(counts: TokenCounts) {
  return {
    input_with_cache_write: counts.inputWithCacheWrite,
    input_without_cache_write: counts.inputWithoutCacheWrite,
    cache_read: counts.cacheRead,
    output: counts.output,
    total: counts.total,
  };
}
