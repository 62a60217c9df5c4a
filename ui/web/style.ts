import billing from "../billing/assets/billing.css" with { type: "text" };
import apiDocs from "./assets/api_docs.css" with { type: "text" };
import charts from "./assets/charts.css" with { type: "text" };
import figures from "./assets/figures.css" with { type: "text" };
import pageLists from "./assets/page_lists.css" with { type: "text" };
import pages from "./assets/pages.css" with { type: "text" };
import picoTokens from "./assets/pico_tokens.css" with { type: "text" };
import print from "./assets/print.css" with { type: "text" };
import frame from "./assets/style.css" with { type: "text" };
import tiles from "./assets/tiles.css" with { type: "text" };
import { tokensCss } from "./tokens.ts";
import pico from "@picocss/pico/css/pico.min.css" with { type: "text" };

/** The style of every page and of the report that stands alone: Pico, then our tokens, then what is built on them. */
export const STYLE = pico + tokensCss() + picoTokens + frame + figures + tiles + charts + billing + pages + pageLists +
  apiDocs + print;
