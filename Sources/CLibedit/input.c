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

static bool more_is_waiting(const le_editor *e) {
  struct pollfd keyboard = {.fd = e->fd_in, .events = POLLIN};
  return e->unread >= 0 || poll(&keyboard, 1, 0) > 0;
}

static enum wake wait_for_input(le_editor *e, bool may_hint) {
  if (e->unread >= 0) return wake_byte;
  for (bool idle = !may_hint;; idle = true) {
    struct pollfd files[2] = {
        {.fd = e->fd_in, .events = POLLIN},
        {.fd = le_signal_pipe(), .events = POLLIN},
    };
    int ready = poll(files, 2, idle ? -1 : 0);
    if (ready < 0) return errno == EINTR ? wake_signal : wake_failed;
    if (ready > 0) return files[1].revents ? wake_signal : wake_byte;
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
  el_wset(e->el, EL_PREP_TERM, 0);
  le_stop_process();
}

// Whoever had the terminal meanwhile may have changed its modes and its size.
static void go_on(le_editor *e) {
  le_hint_erase(e);
  el_wset(e->el, EL_PREP_TERM, 0);
  el_wset(e->el, EL_PREP_TERM, 1);
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

static ssize_t read_byte(le_editor *e, char *byte) {
  if (e->unread < 0) return read(e->fd_in, byte, 1);
  *byte = (char)e->unread;
  e->unread = -1;
  return 1;
}

// False if the bytes are the beginning of a character. Broken ones become U+FFFD.
static bool decode(le_editor *e, const char *bytes, size_t count, wchar_t *character) {
  mbstate_t state = {0};
  size_t used = mbrtowc(character, bytes, count, &state);
  if (used == (size_t)-2 && count < MB_LEN_MAX) return false;
  if (used == (size_t)-1 || used == (size_t)-2) {
    *character = 0xFFFD;
    // What broke a sequence may itself begin a character.
    if (count > 1) e->unread = (unsigned char)bytes[count - 1];
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
    ssize_t got = read_byte(e, &bytes[count]);
    if (got == 0) return 0;
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) return -1;
    if (decode(e, bytes, ++count, character)) return 1;
  }
}

// -- Keys of the empty line -----------------------------------------------------------------------

static bool is_empty(const le_editor *e) {
  const LineInfoW *line = el_wline(e->el);
  return line->lastchar == line->buffer;
}

// libedit's search takes only unbound characters as text, so Space and Enter cannot be bound
// themselves: on an empty line they turn into characters that are.
//
// When more is waiting they are dropped: it is a paste, where leading blanks and empty lines mean
// nothing, or a key held down faster than its command runs.
int le_read_character(EditLine *el, wchar_t *character) {
  le_editor *e = le_self(el);
  for (;;) {
    int got = read_whole(e, character);
    le_hint_erase(e);
    if (got != 1) {
      *character = 0;
      return got;
    }
    bool is_space = *character == L' ';
    bool is_enter = *character == L'\n' || *character == L'\r';
    if ((!is_space && !is_enter) || !e->editing || !is_empty(e)) return 1;
    if (more_is_waiting(e)) continue;
    *character = is_space ? LE_SPACE_ON_EMPTY : LE_ENTER_ON_EMPTY;
    return 1;
  }
}
