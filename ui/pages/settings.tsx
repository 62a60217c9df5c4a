import type { Setting } from "../../domain/config.ts";
import { TrackerError } from "../../domain/errors.ts";
import { formatBytes } from "../../domain/format.ts";
import { formatMicros, type Micros } from "../../domain/money.ts";
import type { CheckStatus, DoctorReport } from "../../domain/operations/doctor.ts";
import type { StoredSize, Version } from "../../domain/operations/installation.ts";
import { type Budget, budgetFromDollars } from "../../domain/report/budget.ts";
import { setBudget } from "../../jobs/actions/set_budget.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { readForm } from "../web/request_body.ts";
import { counted, formatDate } from "../words/format.ts";
import { withFlash } from "./flash.ts";
import { Frame } from "./layout.tsx";
import { ActionForm, type Moment, momentOf, Panel, When, WriteRefusal, type Writes, writesOf } from "./parts.tsx";

const MOST_BUDGETS = 6;

/** GET /settings: budget, thresholds, the configuration without its secrets, and whether all is well here. */
export function settingsPage(app: WebApp, services: WebServices): void {
  app.get("/settings", async (context) => {
    const sizes = await services.installation.sizes();
    const { config, stores, installation, doctorMemo, reports } = services;
    const [moment, writes] = [momentOf(services), writesOf(services)];
    const budgets = stores.budgets.list();
    const { report, isLooking } = doctorMemo.latest();
    const spend = reports.standing()?.spend.known ?? null;
    const page = (
      <Frame title="Settings" path="/settings" services={services} said={context.req.query("said")}>
        <p class="line">How this tracker is set up</p>
        <h1>{headline({ budgets, thresholds: config.thresholds })}</h1>
        <div class="pair">
          <BudgetPanel budgets={budgets} moment={moment} writes={writes} />
          <ThresholdPanel thresholds={config.thresholds} spend={spend} />
        </div>
        <DoctorPanel report={report} isLooking={isLooking} moment={moment} writes={writes} />
        <SettingsTable settings={config.settings} />
        <div class="pair">
          <VersionsTable versions={installation.versions()} />
          <SizesTable sizes={sizes} />
        </div>
      </Frame>
    );
    return context.html(`<!doctype html>${page}`);
  });
}

function headline({ budgets: [budget], thresholds }: { budgets: readonly Budget[]; thresholds: readonly Micros[] }) {
  const alerts = thresholds.length === 0 ? "no spend alerts" : `alerts at ${thresholds.map(formatMicros).join(", ")}`;
  return budget === undefined
    ? `No budget is set; ${alerts}.`
    : `${formatMicros(budget.amount)} may be spent in a cycle; ${alerts}.`;
}

function BudgetPanel({ budgets, moment, writes }: { budgets: readonly Budget[]; moment: Moment; writes: Writes }) {
  const today = moment.now.toZonedDateTimeISO(moment.timeZone).toPlainDate();
  const dateOf = (at: Temporal.Instant) => formatDate(at.toZonedDateTimeISO(moment.timeZone).toPlainDate(), today);
  return (
    <Panel id="budget" title="Budget" note="For this cycle and the next ones; earlier days keep the one they had">
      <ActionForm writes={writes} action="/settings/budget" label="Set">
        <label class="amount-field">
          <span>Dollars a cycle</span>
          <input
            id="dollars"
            name="dollars"
            type="text"
            inputmode="decimal"
            required
            pattern="\s*\$?\s*[0-9,]*(\.[0-9]{1,2})?\s*"
            title="Dollars such as 20 or 19.50"
            autocomplete="off"
            value={budgets[0] === undefined ? "" : formatMicros(budgets[0].amount).replace("$", "")}
          />
        </label>
      </ActionForm>
      <WriteRefusal writes={writes} />
      {budgets.length === 0 ? <p class="nothing">None was set so far.</p> : (
        <ul class="plain-list">
          {budgets.slice(0, MOST_BUDGETS).map(({ amount, setAt }, index) => (
            <li>
              <span>
                {formatMicros(amount)} {index === 0 ? <span class="badge">in force</span> : null}
              </span>
              <span class="note">since {dateOf(setAt)}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function ThresholdPanel({ thresholds, spend }: { thresholds: readonly Micros[]; spend: Micros | null }) {
  const note = (
    <>
      Each sends one message a cycle; set them with <code>THRESHOLDS</code>
    </>
  );
  return (
    <Panel id="thresholds" title="Thresholds" note={note}>
      {thresholds.length === 0 ? <p class="nothing">There are none.</p> : (
        <ul class="plain-list">
          {thresholds.map((threshold) => (
            <li>
              <span>{formatMicros(threshold)}</span>
              <span class="note">{passedText(threshold, spend)}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function passedText(threshold: Micros, spend: Micros | null): string {
  if (spend === null) return "spend unknown";
  return spend >= threshold ? "passed in this cycle" : "not reached";
}

const CHECK_WORDS: Readonly<Record<CheckStatus, { readonly word: string; readonly tone: string }>> = {
  ok: { word: "well", tone: "on_track" },
  warn: { word: "look", tone: "at_risk" },
  fail: { word: "broken", tone: "over" },
  skipped: { word: "not used", tone: "no_budget" },
};

function DoctorPanel(
  props: { report: DoctorReport | null; isLooking: boolean; moment: Moment; writes: Writes },
) {
  const { report, isLooking, moment, writes } = props;
  const note = isLooking || report === null
    ? "Looking at everything that must work; it shows up here in some seconds"
    : (
      <>
        {summaryOf(report)} · looked <When at={report.at} {...moment} />
      </>
    );
  const again = <ActionForm writes={writes} action="/settings/doctor" label="Look again" isQuiet />;
  return (
    <Panel id="doctor" title="Doctor" note={note} aside={isLooking ? null : again}>
      {report === null
        ? <p class="nothing">{isLooking ? "…" : "The look brought nothing; the log says why."}</p>
        : (
          <ul class="checks">
            {report.checks.map(({ name, title, status, found, why, mend }) => (
              <li data-live-key={`check-${name}`}>
                <span class={`badge ${CHECK_WORDS[status].tone}`}>{CHECK_WORDS[status].word}</span>
                <div>
                  <strong>{title}</strong> {found}
                  {why === null ? null : <small>{why}</small>}
                  {mend === null ? null : (
                    <small>
                      Try: <code>{mend}</code>
                    </small>
                  )}
                </div>
              </li>
            ))}
          </ul>
        )}
    </Panel>
  );
}

function summaryOf({ checks }: DoctorReport): string {
  const [broken, doubtful] = (["fail", "warn"] as const).map((is) =>
    checks.filter(({ status }) => status === is).length
  );
  if (broken === 0 && doubtful === 0) return "All is well";
  const parts = [[broken, "broken"], [doubtful, "to look at"]] as const;
  return parts.filter(([count]) => count !== 0).map(([count, word]) => `${count} ${word}`).join(", ");
}

/** Every setting with its value and where that comes from: those that somebody set, then the others. */
function SettingsTable({ settings }: { settings: readonly Setting[] }) {
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
function VersionsTable({ versions }: { versions: readonly Version[] }) {
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
function SizesTable({ sizes }: { sizes: readonly StoredSize[] }) {
  return (
    <Panel id="sizes" title="Storage" note="The data folder and the browser's profile">
      {sizes.length === 0 ? <p class="nothing">Nothing is stored yet.</p> : (
        <ul class="plain-list">
          {sizes.map(({ name, bytes, files, isPartial }) => (
            <li>
              <span>{name}</span>
              <span class="note">
                {`${isPartial ? "more than " : ""}${formatBytes(bytes)} in ${counted(files, "file")}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** POST /settings/budget and /settings/doctor: the page's forms, which work without any script. */
export function settingsForms(app: WebApp, services: WebServices): void {
  app.post("/settings/budget", async (context) => {
    const amount = amountOf((await readForm(context)).get("dollars") ?? "");
    if (amount === null) return context.redirect(withFlash("/settings", "budget-refused"), 303);
    setBudget(services, amount);
    return context.redirect(withFlash("/settings", "budget-set"), 303);
  });
  app.post("/settings/doctor", (context) => {
    void services.doctorMemo.look();
    return context.redirect(withFlash("/settings", "doctor-looking"), 303);
  });
}

/** Null for what is no budget. */
function amountOf(dollars: string): Micros | null {
  try {
    return budgetFromDollars(dollars);
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    return null;
  }
}
