// SPDX-License-Identifier: MIT
//
// The standard streams, whose C names Swift takes for variables that anybody could change.

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

void le_open_standard_files(void) {
  for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++) {
    if (fcntl(file, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest number that is free is the one that is closed: those below it are open by now.
    if (open("/dev/null", O_RDWR) != file) return;
  }
}

bool le_output_failed(void) { return ferror(stdout) != 0; }

bool le_reader_is_gone(void) {
  struct pollfd file = {.fd = STDOUT_FILENO, .events = POLLOUT};
  return poll(&file, 1, 0) > 0 && (file.revents & POLLERR) != 0;
}
