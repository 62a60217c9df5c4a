import type { Setting } from "../../../domain/config.ts";
import type { StoredSize, Version } from "../../../domain/installation.ts";
import { formatBytes } from "../format.ts";
import { Panel } from "./parts.tsx";

/** Every setting with its value and where that comes from: those that somebody set, then the others. */
export function SettingsTable({ settings }: { settings: readonly Setting[] }) {
  const given = settings.filter(({ source }) => source !== "default");
  const others = settings.filter(({ source }) => source === "default");
  return (
    <Panel id="configuration" title="Configuration" note="As it was read at the start; secrets are never shown">
      {given.length === 0 ? <p class="nothing">Nothing is set: all is as by default.</p> : <Rows settings={given} />}
      <details id="defaults">
        <summary>{`${others.length} as by default, or not set`}</summary>
        <Rows settings={others} label="Settings as by default" />
      </details>
    </Panel>
  );
}

function Rows({ settings, label = "Settings that somebody set" }: { settings: readonly Setting[]; label?: string }) {
  return (
    <div class="scroll" tabindex={0} role="group" aria-label={label}>
      <table class="settings">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Value</th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          {settings.map((setting) => (
            <tr>
              <th scope="row">
                <code>{setting.name}</code>
              </th>
              <td class="value">{valueOf(setting)}</td>
              <td class="muted">{setting.isSet ? setting.source : ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function valueOf({ value, isHidden, isSet }: Setting) {
  if (!isSet) return <span class="muted">not set</span>;
  return isHidden || value === null ? <span class="badge">set, not shown</span> : value;
}

/** What is installed. */
export function VersionsTable({ versions }: { versions: readonly Version[] }) {
  return (
    <Panel id="versions" title="Versions">
      <ul class="plain-list">
        {versions.map(({ name, version }) => (
          <li>
            <span>{name}</span>
            <span class="note">{version}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** What the data takes up. */
export function SizesTable({ sizes }: { sizes: readonly StoredSize[] }) {
  return (
    <Panel id="sizes" title="Storage" note="The data folder and the browser's profile">
      {sizes.length === 0 ? <p class="nothing">Nothing is stored yet.</p> : (
        <ul class="plain-list">
          {sizes.map(({ name, bytes, files, isPartial }) => (
            <li>
              <span>{name}</span>
              <span class="note">
                {`${isPartial ? "more than " : ""}${formatBytes(bytes)} in ${files} file${files === 1 ? "" : "s"}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
