import type { Child } from "@hono/hono/jsx";
import type { WebServices } from "../app.tsx";
import { flashOf } from "../flash.ts";
import { freshnessOf } from "./freshness.ts";
import { Layout, type LayoutProps } from "./layout.tsx";

/** The frame of the pages about the tracker itself: how old the figures are, and what a posted form came to. */
export function Frame(
  { services, said, ...props }: Pick<LayoutProps, "title" | "path"> & {
    services: WebServices;
    /** The query's name of a message. */
    said: string | undefined;
    children: Child;
  },
) {
  const flash = flashOf(said);
  return (
    <Layout
      {...props}
      freshness={freshnessOf(services)}
      openAlerts={services.stores.alerts.listOpen().length}
      bodyClass="tracker-page"
    >
      {flash === null ? null : <p class={`flash ${flash.tone}`} id="flash" role="status">{flash.text}</p>}
      {props.children}
    </Layout>
  );
}
