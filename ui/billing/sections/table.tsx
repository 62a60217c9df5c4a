import type { MonthShare, Trend } from "../../../domain/billing/analytics/months.ts";
import { formatMicros, type Micros } from "../../../domain/money.ts";
import { formatDelta, formatGrowth, shortMonth } from "../../words/billing.ts";
import { formatCount, formatInteger, formatShare } from "../../words/format.ts";
import type { BillingView } from "../view.ts";
import type { Child } from "@hono/hono/jsx";

/** How a column is drawn and sorted. */
interface DrawnColumn<Row> {
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => Child;
  /** What the column is sorted by; null comes last. Without it the column is not sortable. */
  readonly sortBy?: (row: Row) => number | string | null;
}

/** A column of a sortable table: drawn by itself, or a figure that is drawn as all of its kind are. */
type Column<Row> =
  & { readonly name: string }
  & (
    | DrawnColumn<Row>
    | { readonly money: (row: Row) => Micros | null }
    | { readonly count: (row: Row) => number }
    | { readonly tokens: (row: Row) => number }
    | { readonly share: (row: Row) => number }
  );

function drawn<Row>(column: Column<Row>): DrawnColumn<Row> & { readonly name: string } {
  const { name } = column;
  const figure = <Value extends number | null>(value: (row: Row) => Value, format: (value: Value) => Child) => (
    { name, isNumber: true, cell: (row: Row) => format(value(row)), sortBy: value }
  );
  if ("money" in column) return figure(column.money, formatMicros);
  if ("count" in column) return figure(column.count, formatInteger);
  if ("tokens" in column) return figure(column.tokens, formatCount);
  return "share" in column ? figure(column.share, formatShare) : column;
}

/** What a table shows. */
interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Cells of a closing row, such as the total. */
  readonly foot?: readonly Child[];
}

/** A table whose columns the page's script sorts; without the script it stays as it is. The first cell names the row. */
export function SortableTable<Row>({ label, columns: told, rows, foot }: TableProps<Row>) {
  const columns = told.map(drawn);
  return (
    <div class="scroll">
      <table class="sortable" aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ name, isNumber, sortBy }) => (
              <th scope="col" class={isNumber ? "number" : undefined}>
                {sortBy === undefined ? name : <button type="button">{name}</button>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>{columns.map((column, at) => <Cell column={column} row={row} isFirst={at === 0} />)}</tr>
          ))}
        </tbody>
        {foot === undefined ? null : (
          <tfoot>
            <tr>
              {foot.map((cell, at) => (
                at === 0
                  ? <th scope="row">{cell}</th>
                  : <td class={columns[at]?.isNumber ? "number" : undefined}>{cell}</td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

function Cell<Row>({ column, row, isFirst }: { column: DrawnColumn<Row>; row: Row; isFirst: boolean }) {
  const key = column.sortBy?.(row);
  const attributes = {
    class: column.isNumber ? "number" : undefined,
    "data-key": key === undefined || key === null ? undefined : String(key),
  };
  const content = column.cell(row);
  return isFirst ? <th scope="row" {...attributes}>{content}</th> : <td {...attributes}>{content}</td>;
}

/** A section of its own with a title, a line that says how to read it, and what it holds. */
export function Section(props: { title: string; note: string; id: string; children: Child }) {
  return (
    <section class="card table" id={props.id} aria-labelledby={`${props.id}-title`}>
      <h2 id={`${props.id}-title`}>{props.title}</h2>
      <p class="note">{props.note}</p>
      {props.children}
    </section>
  );
}

/** Small parts that several sections show. */

/** A model's name behind its colour. */
export function ModelName({ model, colorOf }: { model: string; colorOf: BillingView["colorOf"] }) {
  return (
    <>
      <span class={`dot series-${colorOf.get(model) ?? "other"}`} aria-hidden="true" /> {model}
    </>
  );
}

/** A user's name, as a link to the user's own figures where there is such a page. */
export function UserName({ user, hrefOfUser }: { user: string; hrefOfUser: BillingView["hrefOfUser"] }) {
  return hrefOfUser === null ? <>{user}</> : <a href={hrefOfUser(user)}>{user}</a>;
}

const BAR_WIDTH = 72;

/** A share from 0 to 1 as a bar with its percentage. */
export function Share({ share }: { share: number | null }) {
  if (share === null) return <>–</>;
  return (
    <span class="share">
      <svg class="bar" width={BAR_WIDTH} height="6" aria-hidden="true">
        <rect class="track" width={BAR_WIDTH} height="6" rx="3" />
        <rect width={Math.max(2, Math.round(Math.min(1, share) * BAR_WIDTH))} height="6" rx="3" />
      </svg>{" "}
      {formatShare(share)}
    </span>
  );
}

/** How the two newest complete months compare. */
export function TrendCell({ trend }: { trend: Trend | null }) {
  if (trend === null) return <span title="There are no two complete months in a row">–</span>;
  const isUp = trend.delta > 0;
  return (
    <span
      class={isUp ? "up" : trend.delta < 0 ? "down" : undefined}
      title={`${shortMonth(trend.from)} to ${shortMonth(trend.to)}: ${formatDelta(trend)}`}
    >
      {trend.growthRatio === null ? (isUp ? "new" : "–") : formatGrowth(trend.growthRatio)}
    </span>
  );
}

const SPARK_MONTHS = 12;
const SPARK_HEIGHT = 20;
const SPARK_STEP = 6;

/** The last months as small bars. */
export function Spark({ months }: { months: readonly MonthShare[] }) {
  const shown = months.slice(-SPARK_MONTHS);
  const highest = Math.max(1, ...shown.map(({ micros }) => micros));
  const text = shown.map(({ month, micros }) => `${shortMonth(month)}: ${formatMicros(micros)}`).join("\n");
  return (
    <svg
      class="spark"
      role="img"
      aria-label={text.replaceAll("\n", ", ")}
      width={shown.length * SPARK_STEP}
      height={SPARK_HEIGHT}
      viewBox={`0 0 ${shown.length * SPARK_STEP} ${SPARK_HEIGHT}`}
    >
      <title>{text}</title>
      {shown.map(({ micros }, at) => {
        const height = micros <= 0 ? 0 : Math.max(1, Math.round((micros / highest) * SPARK_HEIGHT));
        return <rect x={at * SPARK_STEP} y={SPARK_HEIGHT - height} width={SPARK_STEP - 2} height={height} />;
      })}
    </svg>
  );
}
