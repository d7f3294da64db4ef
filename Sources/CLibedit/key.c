// SPDX-License-Identifier: MIT
//
// One key outside of a line, for whoever stops long output.

#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

bool le_typed_ahead(const le_editor *e) {
  struct pollfd keyboard = {.fd = e->fd_in, .events = POLLIN};
  return e->unread >= 0 || poll(&keyboard, 1, 0) > 0;
}

static int read_one(int fd) {
  unsigned char byte;
  for (;;) {
    ssize_t got = read(fd, &byte, 1);
    if (got == 1) return byte;
    if (got == 0 || errno != EINTR) return -1;
    if (le_interrupt_pending()) return -1;
  }
}

// What follows an escape at once belongs to the same key.
static bool follows(int fd) {
  struct pollfd keyboard = {.fd = fd, .events = POLLIN};
  return poll(&keyboard, 1, 25) > 0;
}

// The last byte of a sequence tells keys apart well enough: B is Down, ~ is Page Down and the like.
static int read_sequence(int fd) {
  int last = 27;
  while (follows(fd)) {
    int byte = read_one(fd);
    if (byte < 0) break;
    last = byte;
    if (byte >= 0x40 && byte != '[' && byte != 'O') break;
  }
  return last == 'B' ? '\n' : last == '~' ? ' ' : 27;
}

int le_read_key(le_editor *e) {
  struct termios before;
  bool is_terminal = tcgetattr(e->fd_in, &before) == 0;
  if (is_terminal) {
    struct termios modes = before;
    modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    modes.c_cc[VMIN] = 1;
    modes.c_cc[VTIME] = 0;
    tcsetattr(e->fd_in, TCSANOW, &modes);
  }
  int key = le_wait_for_input(e->fd_in) ? read_one(e->fd_in) : -1;
  if (key == 27) key = read_sequence(e->fd_in);
  if (is_terminal) tcsetattr(e->fd_in, TCSANOW, &before);
  return key;
}

void le_unread_key(le_editor *e, int key) { e->unread = key; }
