// SPDX-License-Identifier: MIT
//
// Asking the terminal where its cursor is, while a person may be typing.
// Source: XTerm Control Sequences, "Device Status Report".

#include "internal.h"

#include <string.h>
#include <unistd.h>

enum { patience = 150 };  // ms for the whole answer

// Finds `ESC [ row ; column R` among bytes: where it begins, and behind it.
static bool find_report(const char *bytes, size_t count, size_t *begin, size_t *end, int *row) {
  for (size_t i = 0; i + 5 < count; i++) {
    int found, column, used = 0;
    char text[32] = {0};
    size_t rest = count - i < sizeof text - 1 ? count - i : sizeof text - 1;
    memcpy(text, bytes + i, rest);
    if (sscanf(text, "\033[%5d;%5dR%n", &found, &column, &used) != 2 || used == 0) continue;
    *begin = i;
    *end = i + (size_t)used;
    *row = found - 1;
    return true;
  }
  return false;
}

bool le_ask_row(le_editor *e, int *row) {
  char bytes[256];
  size_t count = 0, begin = 0, end = 0;
  bool found = false;
  fputs("\033[6n", e->out);
  fflush(e->out);
  // What is typed before the answer comes stays what it is.
  while (!found && count < sizeof bytes && le_key_follows(e, patience)) {
    if (read(e->fd_in, bytes + count, 1) != 1) break;
    found = find_report(bytes, ++count, &begin, &end, row);
  }
  if (!found) {
    begin = count;
    e->reports_due++;
  }
  if (begin > 0) le_append_ahead(e, bytes, begin);
  return found && *row >= 0;
}

bool le_report_comes(le_editor *e) {
  unsigned char bytes[16];
  size_t count = 0;
  while (e->reports_due > 0 && count < sizeof bytes && le_byte_follows(e, patience)) {
    if (le_take_byte(e, &bytes[count]) != 1) break;
    unsigned char byte = bytes[count++];
    if (byte == 'R' && count > 3) {
      e->reports_due--;
      return true;
    }
    if (count == 1 ? byte != '[' : byte != ';' && (byte < '0' || byte > '9')) break;
  }
  if (count > 0) le_give_back(e, bytes, count);
  return false;
}
