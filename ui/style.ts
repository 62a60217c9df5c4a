import pico from "@picocss/pico/css/pico.min.css" with { type: "text" };
import billing from "./billing/assets/billing.css" with { type: "text" };
import charts from "./web/assets/charts.css" with { type: "text" };
import figures from "./web/assets/figures.css" with { type: "text" };
import frame from "./web/assets/style.css" with { type: "text" };
import pageLists from "./web/assets/page_lists.css" with { type: "text" };
import pages from "./web/assets/pages.css" with { type: "text" };
import picoTokens from "./web/assets/pico_tokens.css" with { type: "text" };
import print from "./web/assets/print.css" with { type: "text" };
import tiles from "./web/assets/tiles.css" with { type: "text" };
import { tokensCss } from "./web/tokens.ts";

/** The style of every page and of the report that stands alone: Pico, then our tokens, then what is built on them. */
export const STYLE = pico + tokensCss() + picoTokens + frame + figures + tiles + charts + billing + pages + pageLists +
  print;
