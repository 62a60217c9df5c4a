// Sorts a table by the column whose heading is clicked. Without this script tables keep the order that they come in.

/** What a row is sorted by in a column; null where nothing is known. */
function keyOf(row, column) {
  const key = row.cells[column]?.dataset.key;
  if (key === undefined) return null;
  const number = Number(key);
  return key !== "" && Number.isFinite(number) ? number : key;
}

/** Unknown keys stay last, whichever way the others go. */
function compare(a, b, direction) {
  if (a === null || b === null) return (a === null) - (b === null);
  if (typeof a === "number" && typeof b === "number") return direction * (a - b);
  return direction * String(a).localeCompare(String(b));
}

/** Numbers begin with the largest, text with A; a second click turns the order round. */
function nextOrder(heading) {
  const now = heading.getAttribute("aria-sort");
  if (now === null) return heading.classList.contains("number") ? "descending" : "ascending";
  return now === "ascending" ? "descending" : "ascending";
}

function sortBy(heading, order) {
  const table = heading.closest("table");
  const body = table.tBodies[0];
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", order);
  const direction = order === "ascending" ? 1 : -1;
  const column = heading.cellIndex;
  body.append(...[...body.rows].sort((a, b) => compare(keyOf(a, column), keyOf(b, column), direction)));
}

for (const button of document.querySelectorAll("table.sortable thead button")) {
  button.addEventListener("click", () => {
    const heading = button.closest("th");
    sortBy(heading, nextOrder(heading));
  });
}

// Rows that came in anew are in the server's order.
document.addEventListener("tracker:updated", () => {
  for (const heading of document.querySelectorAll("table.sortable th[aria-sort]")) {
    sortBy(heading, heading.getAttribute("aria-sort"));
  }
});
