// SPDX-License-Identifier: MIT
//
// How libedit reads a character: it waits for the keyboard and for signals at once, and shows the
// hint as soon as nothing more is typed ahead.

#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum wake { wake_byte, wake_signal, wake_failed };

enum { key_gap = 25 };  // ms after an escape: what comes sooner belongs to the same key

static bool is_ahead(const le_editor *e) { return e->ahead_start < e->ahead_end; }

bool le_key_follows(const le_editor *e, int milliseconds) {
  struct pollfd keyboard = {.fd = e->fd_in, .events = POLLIN};
  return poll(&keyboard, 1, milliseconds) > 0;
}

bool le_byte_follows(const le_editor *e, int milliseconds) {
  return is_ahead(e) || le_key_follows(e, milliseconds);
}

static enum wake wait_for_input(le_editor *e, bool may_hint) {
  if (is_ahead(e)) return wake_byte;
  for (bool idle = !may_hint;; idle = true) {
    struct pollfd files[2] = {
        {.fd = e->fd_in, .events = POLLIN},
        {.fd = le_signal_pipe(), .events = POLLIN},
    };
    int ready = poll(files, 2, idle ? -1 : 0);
    if (ready < 0) return errno == EINTR ? wake_signal : wake_failed;
    if (ready > 0) return files[1].revents ? wake_signal : wake_byte;
    le_picture_draw(e);
    le_hint_draw(e);
  }
}

bool le_wait_for_input(int fd) {
  while (!le_interrupt_pending()) {
    struct pollfd files[2] = {
        {.fd = fd, .events = POLLIN},
        {.fd = le_signal_pipe(), .events = POLLIN},
    };
    int ready = poll(files, 2, -1);
    if (ready < 0 && errno != EINTR) return true;  // read() will tell what is wrong
    if (ready > 0 && files[1].revents) le_signal_pipe_drain();
    if (ready > 0 && files[0].revents) return !le_interrupt_pending();
  }
  return false;
}

// -- Signals --------------------------------------------------------------------------------------

static void stop(le_editor *e) {
  le_hint_erase(e);
  le_pasting(e, false);
  le_colors(false);
  el_wset(e->el, EL_PREP_TERM, 0);
  le_stop_process();
}

// Another program had the terminal meanwhile and may have changed its modes and its size.
static void go_on(le_editor *e) {
  le_hint_erase(e);
  el_wset(e->el, EL_PREP_TERM, 0);
  el_wset(e->el, EL_PREP_TERM, 1);
  le_colors(true);
  le_pasting(e, true);
  el_resize(e->el);
  el_wset(e->el, EL_REFRESH);
}

static void interrupt(le_editor *e) {
  le_hint_erase(e);
  le_move_to_end(e);
  fputs("^C\n", e->out);
  fflush(e->out);
  e->interrupted = true;
}

// True if the line is over.
static bool serve_signals(le_editor *e) {
  le_signal_pipe_drain();
  if (!e->in_line) return le_interrupt_pending();
  if (le_interrupt_pending()) {
    interrupt(e);
    return true;
  }
  if (le_take_stop()) stop(e);
  if (le_take_continue()) go_on(e);
  if (le_take_resize()) {
    le_hint_erase(e);
    le_redraw_resized(e);
  }
  return false;
}

// -- Bytes ----------------------------------------------------------------------------------------

ssize_t le_take_byte(le_editor *e, unsigned char *byte) {
  if (!is_ahead(e)) return read(e->fd_in, byte, 1);
  *byte = e->ahead[e->ahead_start++];
  return 1;
}

void le_give_back(le_editor *e, const unsigned char *bytes, size_t count) {
  size_t held = e->ahead_end - e->ahead_start;
  if (held + count > sizeof e->ahead) return;
  memmove(e->ahead + count, e->ahead + e->ahead_start, held);
  memcpy(e->ahead, bytes, count);
  e->ahead_start = 0;
  e->ahead_end = held + count;
}

void le_append_ahead(le_editor *e, const char *bytes, size_t count) {
  size_t held = e->ahead_end - e->ahead_start;
  if (held + count > sizeof e->ahead) return;
  memmove(e->ahead, e->ahead + e->ahead_start, held);
  memcpy(e->ahead + held, bytes, count);
  e->ahead_start = 0;
  e->ahead_end = held + count;
}

// False if the bytes are the beginning of a character. Broken ones become U+FFFD.
static bool decode(le_editor *e, const char *bytes, size_t count, wchar_t *character) {
  mbstate_t state = {0};
  size_t used = mbrtowc(character, bytes, count, &state);
  if (used == (size_t)-2 && count < MB_LEN_MAX) return false;
  if (used == (size_t)-1 || used == (size_t)-2) {
    *character = 0xFFFD;
    // What broke a sequence may itself begin a character.
    if (count > 1) le_give_back(e, (const unsigned char *)&bytes[count - 1], 1);
  }
  return true;
}

// One whole character: 1, 0 at the end of input, -1 with errno.
static int read_whole(le_editor *e, wchar_t *character) {
  char bytes[MB_LEN_MAX];
  size_t count = 0;
  for (;;) {
    switch (wait_for_input(e, count == 0)) {
    case wake_failed: return -1;
    case wake_signal:
      if (!serve_signals(e)) continue;
      errno = EINTR;
      return -1;
    case wake_byte: break;
    }
    ssize_t got = le_take_byte(e, (unsigned char *)&bytes[count]);
    if (got == 0) return 0;
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) return -1;
    if (decode(e, bytes, ++count, character)) return 1;
  }
}

int le_fill_ahead(le_editor *e) {
  for (;;) {
    if (is_ahead(e)) return 1;
    switch (wait_for_input(e, false)) {
    case wake_failed: return 0;
    case wake_signal:
      if (serve_signals(e)) return -1;
      continue;
    case wake_byte: break;
    }
    ssize_t got = read(e->fd_in, e->ahead, LE_CHUNK);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) return 0;
    e->ahead_start = 0;
    e->ahead_end = (size_t)got;
  }
}

// -- Keys that are more than their character ------------------------------------------------------

static bool is_empty(const le_editor *e) {
  const LineInfoW *line = el_wline(e->el);
  return line->lastchar == line->buffer;
}

// The terminal sends no signals for keys while a line is edited, for it would send them for what is
// pasted too.
static bool sent_signal(const le_editor *e, wchar_t character) {
  int number = e->editing ? le_signal_of_key(le_terminal_before(), (int)character) : 0;
  if (number == 0) return false;
  le_signal_group(e->fd_in, number);
  // Another thread may be the one that receives it: what is typed next must not overtake it.
  struct pollfd signals = {.fd = le_signal_pipe(), .events = POLLIN};
  (void)poll(&signals, 1, 100);
  return true;
}

// Space or Enter on an empty line, or 0. libedit's search takes only unbound characters as text, so
// they cannot be bound themselves: there they turn into characters that are.
static wchar_t empty_line_key(const le_editor *e, wchar_t character) {
  if (!e->editing || !is_empty(e)) return 0;
  if (character == L' ') return LE_SPACE_ON_EMPTY;
  return character == L'\n' || character == L'\r' ? LE_ENTER_ON_EMPTY : 0;
}

// Whether what has begun with an escape is a key that edits; its bytes stay for libedit.
static bool edits_in_sequence(le_editor *e) {
  // End, Home, Delete, and by words: as terminals send them, with Control or with Alt.
  static const char *const keys[] = {
      "[F",    "OF",    "[4~",   "[8~",   "[H",  "OH",  "[1~", "[7~", "[3~",    "[1;5C",
      "[1;5D", "[1;3C", "[1;3D", "[3;5~", "b",   "f",   "d",   "t",   "\x7f", "\b",
  };
  unsigned char bytes[8];
  size_t count = 0;
  bool begins = true, matches = false;
  while (begins && !matches && count < sizeof bytes && le_byte_follows(e, key_gap)) {
    if (le_take_byte(e, &bytes[count]) != 1) break;
    count++;
    begins = false;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
      if (strncmp(keys[i], (const char *)bytes, count) != 0) continue;
      begins = true;
      if (strlen(keys[i]) == count) matches = true;
    }
  }
  if (count > 0) le_give_back(e, bytes, count);
  return matches;
}

// Whether a key edits what is in the line.
static bool edits(le_editor *e, wchar_t character) {
  switch (character) {
  case L'\001': case L'\002': case L'\005': case L'\006':  // ^A ^B ^E ^F
  case L'\b': case L'\t': case L'\177':
  case L'\013': case L'\024': case L'\027':                 // ^K ^T ^W
    return true;
  case L'\033': return edits_in_sequence(e);
  default: return false;
  }
}

// A key that edits finds on an empty line what is prepared there: that comes first, and then the key.
static bool has_line_to_edit(le_editor *e, wchar_t character, bool was_offered) {
  if (was_offered || !e->editing || !is_empty(e) || !edits(e, character)) return false;
  unsigned char byte = (unsigned char)character;
  le_give_back(e, &byte, 1);
  e->line_offered = true;
  return true;
}

// On an empty line Space and Enter are dropped when more is waiting: that is a paste of a terminal
// that does not mark it, where leading blanks and empty lines mean nothing, or a key held down faster
// than its command runs.
int le_read_character(EditLine *el, wchar_t *character) {
  le_editor *e = le_self(el);
  bool was_offered = e->line_offered;
  e->line_offered = false;
  if (e->paste.waits) {
    e->paste.waits = false;
    *character = LE_PASTED;
    return 1;
  }
  for (;;) {
    int got = read_whole(e, character);
    le_hint_erase(e);
    if (got == 1 && *character == L'\033' && le_report_comes(e)) continue;
    if (got == 1 && *character == L'\033' && e->editing && le_paste_begins(e)) {
      got = le_read_paste(e) < 0 ? -1 : 1;
      *character = LE_PASTED;
      errno = EINTR;
    }
    if (got != 1) {
      *character = 0;
      return got;
    }
    if (sent_signal(e, *character)) continue;
    if (e->editing && le_is_zero_width(*character)) {
      le_paste_character(e, *character);
      *character = LE_PASTED;
      return 1;
    }
    if (has_line_to_edit(e, *character, was_offered)) {
      *character = LE_EDITED_NEXT;
      return 1;
    }
    wchar_t key = empty_line_key(e, *character);
    if (key == 0) return 1;
    if (le_byte_follows(e, 0)) continue;
    *character = key;
    return 1;
  }
}
