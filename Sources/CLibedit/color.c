// SPDX-License-Identifier: MIT
//
// Colours of the whole screen, as far as a terminal lets a program choose them, and its own again.
// Source: XTerm Control Sequences, "Operating System Commands", 10 to 12 and 110 to 112.

#include "internal.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { most = 256 };

// The terminal that has other colours, or -1.
static atomic_int colored_fd = -1;
static char given_colors[most], own_colors[most];

void le_colors(bool given) {
  int fd = colored_fd;
  // In the background the terminal is someone else's.
  if (fd < 0 || tcgetpgrp(fd) != getpgrp()) return;
  const char *text = given ? given_colors : own_colors;
  (void)!write(fd, text, strlen(text));
}

static void keep(char *place, const char *text) {
  strncpy(place, text, most - 1);
  place[most - 1] = 0;
}

void le_color_screen(int fd, const char *on, const char *off) {
  if (!on || !off) {
    le_colors(false);
    colored_fd = -1;
    return;
  }
  colored_fd = -1;
  keep(given_colors, on);
  keep(own_colors, off);
  colored_fd = fd;
  le_watch_end();
  le_colors(true);
}
