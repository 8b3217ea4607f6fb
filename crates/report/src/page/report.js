// Shows the pictures behind a cell of the confusion matrix: by a click, or by the arrow keys and Enter.
"use strict";

const table = document.querySelector(".matrix");
const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].slice(1));
const panel = document.getElementById("cell");
const { classes, cells } = JSON.parse(document.getElementById("pictures").textContent);

/** The number of samples in a cell. */
const count = (row, column) => Number(rows[row][column].textContent);

/** An element that holds texts and other elements. */
function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

/** A picture of a cell with its probabilities and its file. */
function figure(row, column, { at, probability, of_truth, source }) {
  const picture = element("span");
  picture.className = "picture";
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", classes[row]);
  picture.style.setProperty("--x", at[0]);
  picture.style.setProperty("--y", at[1]);
  const file = element("span", element("bdi", source));
  file.className = "quiet";
  const told = row === column ? [probability] : [`${probability} (`, element("bdi", classes[row]), `: ${of_truth})`];
  return element("figure", picture, ...told, element("br"), file);
}

/** Shows the pictures of a cell below the matrix. */
function show(row, column) {
  table.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
  rows[row][column].setAttribute("aria-selected", "true");
  const shown = cells[`${row} ${column}`] ?? [];
  const order = row === column ? "the least sure first" : "the surest first";
  const number = count(row, column);
  const text = number === 0 ? ": none" : `: ${shown.length} of ${number}, ${order}`;
  const heading = element("h3", element("bdi", classes[row]), " read as ", element("bdi", classes[column]), text);
  const pictures = element("div", ...shown.map((answer) => figure(row, column, answer)));
  pictures.className = "pictures";
  panel.replaceChildren(heading, pictures);
}

/** Moves the focus to a cell, which the tab key then comes back to. */
function focus(row, column) {
  table.querySelector("td[tabindex='0']").tabIndex = -1;
  rows[row][column].tabIndex = 0;
  rows[row][column].focus();
}

/** The row and column of an event's cell; none beside the cells. */
function place(event) {
  const cell = event.target.closest("td");
  const row = rows.findIndex((cells) => cells.includes(cell));
  return row < 0 ? null : [row, rows[row].indexOf(cell)];
}

table.addEventListener("click", (event) => {
  const at = place(event);
  if (at) {
    focus(...at);
    show(...at);
  }
});

table.addEventListener("keydown", (event) => {
  const at = place(event);
  if (!at || event.ctrlKey || event.altKey || event.metaKey) return;
  const [row, column] = at;
  const last = rows.length - 1;
  const moves = {
    ArrowUp: [Math.max(row - 1, 0), column],
    ArrowDown: [Math.min(row + 1, last), column],
    ArrowLeft: [row, Math.max(column - 1, 0)],
    ArrowRight: [row, Math.min(column + 1, last)],
    Home: [row, 0],
    End: [row, last],
  };
  if (event.key in moves) focus(...moves[event.key]);
  else if (event.key === "Enter" || event.key === " ") show(row, column);
  else return;
  event.preventDefault();
});

table.setAttribute("role", "grid");
rows.forEach((cells, row) =>
  cells.forEach((cell, column) => {
    cell.tabIndex = -1;
    cell.setAttribute("role", "gridcell");
    cell.setAttribute("aria-label", `${classes[row]} read as ${classes[column]}: ${count(row, column)}`);
  }),
);
rows[0][0].tabIndex = 0;
document.getElementById("hint").hidden = false;
const mistakes = Object.keys(cells).map((key) => key.split(" ").map(Number)).filter(([row, column]) => row !== column);
show(...mistakes.reduce((most, next) => (count(...next) > count(...most) ? next : most), mistakes[0] ?? [0, 0]));
