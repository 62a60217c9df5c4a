import pico from "@picocss/pico/css/pico.min.css" with { type: "text" };
import billing from "./billing/assets/billing.css" with { type: "text" };
import figures from "./web/assets/figures.css" with { type: "text" };
import frame from "./web/assets/style.css" with { type: "text" };
import tokens from "./web/assets/tokens.css" with { type: "text" };

/** The style of every page and of the report that stands alone: Pico, then our tokens, then what is built on them. */
export const STYLE = pico + tokens + frame + figures + billing;
