// SPDX-License-Identifier: MIT
//
// The picture of a line where libedit's own does not last: it leaves out characters without a
// width, and puts long lines together from rows that the terminal does not know to be one line.

#include "internal.h"

int le_cells(const le_editor *e, const LineInfoW *line, const wchar_t *end, int columns) {
  int cells = le_prompt_width(e->prompt);
  for (const wchar_t *c = line->buffer; c < end; c++) {
    int width = wcwidth(*c);
    // A wide one that does not fit into a row begins the next.
    if (width > 1 && cells % columns + width > columns) cells += columns - cells % columns;
    if (width > 0) cells += width;
  }
  return cells;
}

// Whether a character has no width.
static bool is_zero(wchar_t c) { return c > 0xFF && wcwidth(c) == 0; }

bool le_is_zero_width(wchar_t c) { return is_zero(c); }

// Whether a character without a width is a mark that is drawn over the one before: not one that only
// asks terminals to join or to choose pictures. Those that obey would draw fewer cells than libedit
// counts, so they do not see it.
static bool is_mark(wchar_t c) {
  return is_zero(c) && !(c >= 0x200B && c <= 0x200F) && !(c >= 0x2060 && c <= 0x206F) &&
         !(c >= 0xFE00 && c <= 0xFE0F) && c != 0xFEFF && !(c >= 0xE0000 && c <= 0xE01EF);
}

// What a line holds that matters here.
struct contents {
  bool marks, controls;
};

static struct contents contents_of(const LineInfoW *line) {
  struct contents found = {false, false};
  for (const wchar_t *c = line->buffer; c < line->lastchar; c++) {
    if (is_mark(*c)) found.marks = true;
    if (*c < 0x20 || wcwidth(*c) < 0) found.controls = true;
  }
  return found;
}

// From one row of the line to a cell in another.
static void go(const le_editor *e, int from, int to, int column) {
  fputc('\r', e->out);
  if (to < from) fprintf(e->out, "\033[%dA", from - to);
  if (to > from) fprintf(e->out, "\033[%dB", to - from);
  if (column > 0) fprintf(e->out, "\033[%dC", column);
}

static void write_drawn(const le_editor *e, const wchar_t *from, const wchar_t *to) {
  size_t count = 0;
  wchar_t *drawn = calloc((size_t)(to - from) + 1, sizeof *drawn);
  if (!drawn) return;
  for (const wchar_t *c = from; c < to; c++)
    if (!is_zero(*c) || (is_mark(*c) && count > 0)) drawn[count++] = *c;
  char *utf8 = le_narrow(drawn, count);
  if (utf8) fputs(utf8, e->out);
  free(utf8);
  free(drawn);
}

// The first character of a row and what comes after it.
static const wchar_t *start_of_row(
    const le_editor *e, const LineInfoW *line, int row, int columns) {
  const wchar_t *c = line->buffer;
  while (c < line->lastchar && le_cells(e, line, c + 1, columns) <= row * columns) c++;
  return c;
}

// How many rows of the line have gone above the screen, if the cursor is in this row of it.
static int rows_gone(le_editor *e, int row) {
  int found;
  return row > 0 && le_ask_row(e, &found) && row > found ? row - found : 0;
}

// Writes the text from its first row in the screen on.
static void draw(le_editor *e, const LineInfoW *line, int columns, bool clears) {
  int here = le_cells(e, line, line->cursor, columns);
  int end = le_cells(e, line, line->lastchar, columns);
  const wchar_t *from = line->buffer;
  int start = le_prompt_width(e->prompt);
  if (e->rows_gone > 0) e->rows_gone = rows_gone(e, here / columns);
  if (e->rows_gone > 0) {
    from = start_of_row(e, line, e->rows_gone, columns);
    start = e->rows_gone * columns;
  }
  go(e, here / columns, start / columns, start % columns);
  write_drawn(e, from, line->lastchar);
  // Behind the last cell of a row the terminal still stands in that row.
  bool is_full = end % columns == 0 && end > start;
  if (clears && !is_full) fputs("\033[J", e->out);
  go(e, is_full ? end / columns - 1 : end / columns, here / columns, here % columns);
  fflush(e->out);
}

// The same cells once more, in one piece: marks come into them, and rows that the terminal itself
// has broken stay one line for it when the window gets another width.
void le_picture_draw(le_editor *e) {
  int columns, rows;
  if (!e->ansi || !e->editing || !le_terminal_size(e->fd_out, &columns, &rows) || columns < 2)
    return;
  const LineInfoW *line = el_wline(e->el);
  struct contents found = contents_of(line);
  int end = le_cells(e, line, line->lastchar, columns);
  bool had_marks = e->marks_visible;
  e->marks_visible = found.marks;
  if (!found.marks && !had_marks && end < columns) return;
  // What does not fit into the screen cannot be reached, and controls are drawn as libedit likes.
  if (found.controls || end / columns >= rows || line->lastchar == line->buffer) return;
  draw(e, line, columns, false);
}

void le_picture_resized(le_editor *e) {
  int columns, rows;
  const LineInfoW *line = el_wline(e->el);
  if (!le_terminal_size(e->fd_out, &columns, &rows) || columns < 2) return;
  if (contents_of(line).controls || le_cells(e, line, line->lastchar, columns) / columns >= rows)
    return;
  e->rows_gone = 1;  // or more, or none: drawing asks
  draw(e, line, columns, true);
}
