// SPDX-License-Identifier: MIT
//
// What this target draws beside libedit: the hint, text below the line, and resized lines.

#include "internal.h"

#include <string.h>
#include <sys/ioctl.h>
#include <wctype.h>

enum { default_columns = 80 };

bool le_terminal_size(int fd, int *columns, int *rows) {
  struct winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return false;
  *columns = size.ws_col;
  *rows = size.ws_row;
  return true;
}

static int columns_of(const le_editor *e) {
  int columns, rows;
  return le_terminal_size(e->fd_out, &columns, &rows) ? columns : default_columns;
}

// Never the wide functions of stdio: they would claim stdout for themselves.
static void write_text(le_editor *e, const wchar_t *text, size_t count) {
  char *utf8 = le_narrow(text, count);
  if (utf8) fputs(utf8, e->out);
  free(utf8);
}

// -- Hint -----------------------------------------------------------------------------------------

// How many characters of a text fit into some columns, and how many columns they take.
static size_t fitting(const wchar_t *text, int room, int *columns) {
  size_t count = 0;
  for (*columns = 0; text[count]; count++) {
    int width = iswprint((wint_t)text[count]) ? wcwidth(text[count]) : -1;
    if (width < 0 || *columns + width > room) break;
    *columns += width;
  }
  return count;
}

static void draw_dim(le_editor *e, const wchar_t *text, int room) {
  int columns;
  size_t count = fitting(text, room, &columns);
  if (columns == 0) return;
  fputs("\033[2m", e->out);
  write_text(e, text, count);
  fprintf(e->out, "\033[0m\033[%dD", columns);
  fflush(e->out);
  e->hint_visible = true;
}

static wchar_t *hint_for(le_editor *e, const LineInfoW *line) {
  char *text = le_narrow(line->buffer, (size_t)(line->lastchar - line->buffer));
  char *hint = text ? e->hint(e->context, text) : NULL;
  wchar_t *wide = hint ? le_widen(hint) : NULL;
  free(text);
  free(hint);
  return wide;
}

void le_hint_draw(le_editor *e) {
  if (!e->hint || !e->ansi || !e->editing || e->hint_visible) return;
  const LineInfoW *line = el_wline(e->el);
  if (line->cursor != line->lastchar) return;
  wchar_t *hint = hint_for(e, line);
  if (!hint) return;
  int columns = columns_of(e);
  int used = le_cells(e, line, line->lastchar, columns);
  // Never the last column: the terminal would wrap, and libedit would not know.
  draw_dim(e, hint, columns - used % columns - 1);
  free(hint);
}

void le_hint_erase(le_editor *e) {
  if (!e->hint_visible) return;
  fputs("\033[K", e->out);
  fflush(e->out);
  e->hint_visible = false;
}

// -- Line -----------------------------------------------------------------------------------------

// Writing again what stands after the cursor leads to its end on any terminal.
void le_move_to_end(le_editor *e) {
  const LineInfoW *line = el_wline(e->el);
  write_text(e, line->cursor, (size_t)(line->lastchar - line->cursor));
  fflush(e->out);
}

void le_print_below(le_editor *e, const char *text) {
  le_move_to_end(e);
  fprintf(e->out, "\n%s", text);
  fflush(e->out);
}

// What a refresh would write goes nowhere: only libedit itself has to know where things are now.
static void refresh_silently(le_editor *e) {
  FILE *nowhere = fopen("/dev/null", "w");
  if (!nowhere) return;
  el_wset(e->el, EL_SETFP, 1, nowhere);
  el_wset(e->el, EL_REFRESH);
  el_wset(e->el, EL_SETFP, 1, e->out);
  fclose(nowhere);
}

// Terminals flow wrapped lines anew, and take their upper rows out of the screen while there are empty
// ones below. So nothing is erased: rows that have gone could not be, and would come back as ghosts
// when the window grows. The terminal has the whole line; what it shows of it is written once more.
static void redraw_flowed(le_editor *e) {
  el_resize(e->el);
  refresh_silently(e);
  le_picture_resized(e);
}

void le_redraw_resized(le_editor *e) {
  if (e->ansi && e->editing) {
    redraw_flowed(e);
    return;
  }
  fputs("\n", e->out);
  fflush(e->out);
  el_resize(e->el);
  el_wset(e->el, EL_REFRESH);
}
