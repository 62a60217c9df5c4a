import { type AlertRule, NO_CHANGE } from "../rule.ts";

/**
 * Scrapes that bring no figures: one alert from the first failure to the next success. The scrape itself opens and clears
 * it in one transaction with its failure or success, so that nothing is left to judge here.
 */
export const scrapeError: AlertRule = {
  kind: "scrape_error",
  judge: () => NO_CHANGE,
};
