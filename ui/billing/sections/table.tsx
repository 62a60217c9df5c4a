import type { Child } from "@hono/hono/jsx";

/** A column of a sortable table. */
export interface Column<Row> {
  readonly name: string;
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => Child;
  /** What the column is sorted by; null comes last. Without it the column is not sortable. */
  readonly sortBy?: (row: Row) => number | string | null;
}

/** What a table shows. */
export interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Cells of a closing row, such as the total. */
  readonly foot?: readonly Child[];
}

/** A table whose columns the page's script sorts; without the script it stays as it is. The first cell names the row. */
export function SortableTable<Row>({ label, columns, rows, foot }: TableProps<Row>) {
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

function Cell<Row>({ column, row, isFirst }: { column: Column<Row>; row: Row; isFirst: boolean }) {
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
