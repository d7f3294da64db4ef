// SPDX-License-Identifier: MIT
//
// One key outside of a line, to stop long output.

#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum { escape = 27, sequence_gap = 25 };

struct modes {
  bool is_terminal;
  struct termios before, keys;
};

static void set_modes(le_editor *e, const struct modes *modes, bool keys) {
  if (!keys) le_pasting(e, false);
  if (modes->is_terminal)
    tcsetattr(e->fd_in, TCSANOW, keys ? &modes->keys : &modes->before);
  if (keys) le_pasting(e, true);
}

static struct modes key_modes(const le_editor *e) {
  struct modes modes = {.is_terminal = tcgetattr(e->fd_in, &modes.before) == 0};
  modes.keys = modes.before;
  // No signals for keys, for a paste may hold their characters.
  modes.keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
  modes.keys.c_cc[VMIN] = 1;
  modes.keys.c_cc[VTIME] = 0;
  return modes;
}

// False if Ctrl-C came first.
static bool wait_for_key(le_editor *e, const struct modes *modes) {
  while (!le_interrupt_pending()) {
    if (e->ahead_start < e->ahead_end) return true;
    struct pollfd files[2] = {
        {.fd = e->fd_in, .events = POLLIN},
        {.fd = le_signal_pipe(), .events = POLLIN},
    };
    int ready = poll(files, 2, -1);
    if (ready < 0 && errno != EINTR) return true;  // reading will tell what is wrong
    le_signal_pipe_drain();
    if (le_take_stop()) {
      set_modes(e, modes, false);
      le_stop_process();
    }
    if (le_take_continue()) set_modes(e, modes, true);
    if (ready > 0 && files[0].revents) return !le_interrupt_pending();
  }
  return false;
}

static int read_byte(le_editor *e) {
  unsigned char byte;
  for (;;) {
    ssize_t got = le_take_byte(e, &byte);
    if (got == 1) return byte;
    if (got == 0 || errno != EINTR) return -1;
    if (le_interrupt_pending()) return -1;
  }
}

// The last byte of a sequence tells keys apart well enough: B is Down, ~ is Page Down and the like.
static int read_sequence(le_editor *e) {
  int last = escape;
  // What follows an escape at once belongs to the same key.
  while (le_byte_follows(e, sequence_gap)) {
    int byte = read_byte(e);
    if (byte < 0) break;
    last = byte;
    if (byte >= 0x40 && byte != '[' && byte != 'O') break;
  }
  return last == 'B' ? '\n' : last == '~' ? ' ' : escape;
}

// -2 if the key only was a signal.
static int read_one_key(le_editor *e, const struct modes *modes) {
  int key = wait_for_key(e, modes) ? read_byte(e) : -1;
  int number = modes->is_terminal ? le_signal_of_key(&modes->before, key) : 0;
  if (number != 0) {
    le_signal_group(e->fd_in, number);
    return -2;
  }
  if (key != escape) return key;
  if (!le_paste_begins(e)) return read_sequence(e);
  if (le_read_paste(e) < 0) return -1;
  e->paste.waits = true;
  return le_key_is_paste;
}

int le_read_key(le_editor *e) {
  struct modes modes = key_modes(e);
  le_signals_begin(e->fd_in);
  set_modes(e, &modes, true);
  int key;
  do key = read_one_key(e, &modes);
  while (key == -2);
  set_modes(e, &modes, false);
  le_signals_end();
  return key;
}

// Whether the key is one that turns a page; else nothing of it is taken.
static bool take_page_key(le_editor *e) {
  static const char page_down[] = "\033[6~";
  unsigned char bytes[sizeof page_down];
  size_t count = 0;
  do {
    if (le_take_byte(e, &bytes[count]) != 1) break;
    unsigned char byte = bytes[count++];
    if (count == 1 && (byte == ' ' || byte == '\n' || byte == '\r')) return true;
    if (byte != (unsigned char)page_down[count - 1]) break;
    if (count == sizeof page_down - 1) return true;
  } while (le_byte_follows(e, sequence_gap));
  if (count > 0) le_give_back(e, bytes, count);
  return false;
}

bool le_typed_ahead(le_editor *e) {
  struct modes modes = key_modes(e);
  // Half a line can be read only where lines are not waited for.
  if (modes.is_terminal) tcsetattr(e->fd_in, TCSANOW, &modes.keys);
  bool is_ahead = le_byte_follows(e, 0);
  while (is_ahead && take_page_key(e)) is_ahead = le_byte_follows(e, 0);
  if (modes.is_terminal) tcsetattr(e->fd_in, TCSANOW, &modes.before);
  return is_ahead;
}

void le_unread_key(le_editor *e, int key) {
  unsigned char byte = (unsigned char)key;
  le_give_back(e, &byte, 1);
}
