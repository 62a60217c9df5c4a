import type { Notice } from "../../../domain/trouble.ts";
import type { Notices } from "../../notices.ts";

/** Banners above the figures: why no new ones come, and what is about to keep them from coming. */
export function NoticeBanners({ notices: { trouble, warnings } }: { notices: Notices }) {
  return (
    <>
      {trouble === null ? null : <Banner notice={trouble} role="alert" />}
      {warnings.map((warning) => <Banner notice={warning} role="status" />)}
    </>
  );
}

function Banner({ notice: { headline, details, mend }, role }: { notice: Notice; role: "alert" | "status" }) {
  return (
    <p class={role === "alert" ? "banner" : "banner warning"} role={role}>
      <strong>{headline}.</strong> {details}
      {mend === null ? null : <code class="mend">{mend}</code>}
    </p>
  );
}
