import type { HomeView } from "./home_view.ts";
import { NoticeBanners } from "./trouble.tsx";

/** What is wrong, and what mends it; nothing where all is well. */
export function Notices({ view: { notices, staleSince, drifted } }: { view: HomeView }) {
  return (
    <>
      <NoticeBanners notices={notices} />
      {staleSince === null ? null : (
        <p class="banner warning" role="status">
          <strong>These figures are old.</strong> They were last checked on{" "}
          {staleSince}. Scrapes come every hour while the server runs: <code>tracker status</code> and{" "}
          <code>tracker runs list</code> say what they did, <code>tracker scrape</code> makes one now.
        </p>
      )}
      {drifted.map(({ endpoint, drift }) => (
        <p class="banner warning" role="status">
          <strong>Cursor changed what it sends.</strong> <code>{endpoint}</code> no longer tells{" "}
          {drift.lostFigures.join(" and ")}: until a later version of tracker reads it, these are unknown, not zero.
        </p>
      ))}
    </>
  );
}
