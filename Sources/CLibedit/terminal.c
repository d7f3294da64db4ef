// SPDX-License-Identifier: MIT
//
// Pseudo terminals, so that tests can type.

#include "internal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool le_set_terminal_size(int fd, int columns, int rows) {
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  return ioctl(fd, TIOCSWINSZ, &size) == 0;
}

bool le_open_terminal_pair(int *controller, int *terminal, int columns, int rows) {
  *terminal = -1;
  *controller = posix_openpt(O_RDWR | O_NOCTTY);
  if (*controller < 0) return false;
  if (grantpt(*controller) == 0 && unlockpt(*controller) == 0) {
    const char *name = ptsname(*controller);
    if (name) *terminal = open(name, O_RDWR | O_NOCTTY);
  }
  if (*terminal >= 0 && le_set_terminal_size(*controller, columns, rows)) return true;
  if (*terminal >= 0) close(*terminal);
  close(*controller);
  return false;
}
