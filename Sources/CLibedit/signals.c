// SPDX-License-Identifier: MIT
//
// Signals become flags and a byte in a pipe, for which the input waits beside the keyboard.
// libedit's own handling stays off: it sends every signal again to the whole process group.

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/time.h>
#include <termios.h>
#include <unistd.h>

enum { exit_status_base = 128 };

static atomic_int interrupts, resized, stopped, continued;

// How many signals end the process if nobody clears them, and the one that came last.
static atomic_int patience = 3, last_signal = SIGINT;
static int wake_pipe[2] = {-1, -1};

// The terminal that libedit holds in raw mode now, or -1, and the modes that it had before.
static atomic_int raw_fd = -1;
static struct termios cooked;
static atomic_int is_pasting;

static void restore_terminal(void) {
  static const char no_pasting[] = "\033[?2004l";
  int fd = raw_fd;
  le_colors(false);
  // In the background the terminal is someone else's.
  if (fd < 0 || tcgetpgrp(fd) != getpgrp()) return;
  tcsetattr(fd, TCSANOW, &cooked);
  if (is_pasting) (void)!write(fd, no_pasting, sizeof no_pasting - 1);
  (void)!write(fd, "\n", 1);
}

// -- Nobody answers -------------------------------------------------------------------------------

// A process that ends has its memory to give back, too.
enum { milliseconds_to_end = 40, milliseconds_to_say = 80 };

static atomic_int unanswered = le_unanswered_waits, is_heard;
static char words[512];

// Asks to be called again: by then the work at hand has asked, or will not soon.
static void expect_answer(void) {
  const int patience_left =
      unanswered == le_unanswered_ends ? milliseconds_to_end : milliseconds_to_say;
  struct itimerval time = {.it_value = {.tv_usec = patience_left * 1000}};
  is_heard = 0;
  if (unanswered != le_unanswered_waits) setitimer(ITIMER_REAL, &time, NULL);
}

static void on_time(int number) {
  int saved = errno;
  (void)number;
  if (interrupts == 0) return;
  if (unanswered == le_unanswered_ends && !is_heard) {
    restore_terminal();
    _exit(exit_status_base + last_signal);
  }
  if (unanswered == le_unanswered_says) (void)!write(STDERR_FILENO, words, strlen(words));
  errno = saved;
}

static void on_event(int number) {
  int saved = errno;
  switch (number) {
  case SIGINT:
  case SIGTERM:
  case SIGHUP:
    last_signal = number;
    if (++interrupts < patience) {
      expect_answer();
      break;
    }
    restore_terminal();
    _exit(exit_status_base + number);
  case SIGWINCH: resized = 1; break;
  case SIGTSTP: stopped = 1; break;
  case SIGCONT: continued = 1; break;
  }
  if (wake_pipe[1] >= 0) (void)!write(wake_pipe[1], "", 1);
  errno = saved;
}

static void on_end(int number) {
  restore_terminal();
  signal(number, SIG_DFL);
  raise(number);  // blocked here: it strikes when this function returns
}

// A signal that the parent wanted ignored (nohup, a shell's background job) stays ignored.
static void handle(int number, void (*function)(int), struct sigaction *old) {
  // A wait for an event polls the pipe; any other system call goes on.
  struct sigaction action = {.sa_flags = SA_RESTART};
  action.sa_handler = function;
  sigfillset(&action.sa_mask);
  sigaction(number, &action, old);
  if (old->sa_handler == SIG_IGN) sigaction(number, old, NULL);
}

// A parent that starts us from one of its worker threads hands down what they have blocked.
static void unblock(int number) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static void open_pipe(void) {
  if (wake_pipe[0] >= 0) return;
  int ends[2];
  if (pipe(ends) != 0) return;
  for (int i = 0; i < 2; i++) {
    fcntl(ends[i], F_SETFL, O_NONBLOCK);
    fcntl(ends[i], F_SETFD, FD_CLOEXEC);
  }
  wake_pipe[0] = ends[0];
  wake_pipe[1] = ends[1];
}

void le_watch_interrupts(void) {
  struct sigaction old;
  open_pipe();
  handle(SIGINT, on_event, &old);
  unblock(SIGINT);
  unblock(SIGTERM);
  unblock(SIGHUP);
}

void le_watch_endings(void) {
  struct sigaction old;
  patience = 2;
  handle(SIGTERM, on_event, &old);
  handle(SIGHUP, on_event, &old);
}

void le_when_unanswered(le_unanswered what, const char *text) {
  struct sigaction old;
  unanswered = le_unanswered_waits;
  if (text) {
    strncpy(words, text, sizeof words - 1);
    words[sizeof words - 1] = 0;
  }
  if (what != le_unanswered_waits) {
    handle(SIGALRM, on_time, &old);
    unblock(SIGALRM);
  }
  unanswered = what;
}

bool le_interrupt_pending(void) {
  if (interrupts == 0) return false;
  is_heard = 1;
  return true;
}

void le_watch_end(void) {
  struct sigaction old;
  handle(SIGTERM, on_end, &old);
  handle(SIGHUP, on_end, &old);
}

int le_interrupt_status(void) { return exit_status_base + last_signal; }
void le_interrupt_clear(void) { interrupts = 0; }

// -- While a line is read -------------------------------------------------------------------------

static void on_crash(int number);

static const struct {
  int number;
  void (*function)(int);
} watched[] = {
    {SIGWINCH, on_event}, {SIGTSTP, on_event}, {SIGCONT, on_event}, {SIGTERM, on_end},
    {SIGHUP, on_end},     {SIGQUIT, on_end},   {SIGABRT, on_crash}, {SIGSEGV, on_crash},
    {SIGBUS, on_crash},   {SIGILL, on_crash},  {SIGTRAP, on_crash}, {SIGFPE, on_crash},
};
enum { watched_count = sizeof watched / sizeof *watched };
static struct sigaction before[watched_count];

// The handler before this one says what has happened, on a terminal that can be read.
static void on_crash(int number) {
  restore_terminal();
  for (int i = 0; i < watched_count; i++)
    if (watched[i].number == number) sigaction(number, &before[i], NULL);
  raise(number);
}

void le_signals_begin(int fd) {
  open_pipe();
  // libedit reads the size of the window itself when a line begins.
  resized = stopped = continued = 0;
  if (tcgetattr(fd, &cooked) == 0) raw_fd = fd;
  for (int i = 0; i < watched_count; i++)
    handle(watched[i].number, watched[i].function, &before[i]);
}

void le_signals_end(void) {
  for (int i = 0; i < watched_count; i++) sigaction(watched[i].number, &before[i], NULL);
  raw_fd = -1;
}

int le_signal_pipe(void) { return wake_pipe[0]; }

void le_signal_pipe_drain(void) {
  char bytes[64];
  while (wake_pipe[0] >= 0 && read(wake_pipe[0], bytes, sizeof bytes) > 0) continue;
}

bool le_take_resize(void) { return atomic_exchange(&resized, 0) != 0; }
bool le_take_stop(void) { return atomic_exchange(&stopped, 0) != 0; }
bool le_take_continue(void) { return atomic_exchange(&continued, 0) != 0; }

void le_stop_process(void) {
  struct sigaction standard = {.sa_flags = 0}, ours;
  standard.sa_handler = SIG_DFL;
  sigaction(SIGTSTP, &standard, &ours);
  raise(SIGTSTP);  // returns after SIGCONT
  sigaction(SIGTSTP, &ours, NULL);
}

// -- Keys -----------------------------------------------------------------------------------------

void le_signals_note_pasting(bool on) { is_pasting = on; }

const struct termios *le_terminal_before(void) { return &cooked; }

int le_signal_of_key(const struct termios *modes, int key) {
  static const struct {
    int place, number;
  } keys[] = {{VINTR, SIGINT}, {VQUIT, SIGQUIT}, {VSUSP, SIGTSTP}};
  if (!(modes->c_lflag & ISIG) || key <= 0 || key == _POSIX_VDISABLE) return 0;
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (modes->c_cc[keys[i].place] == key) return keys[i].number;
  return 0;
}

void le_signal_group(int fd, int number) {
  // As the terminal does; where it is not the process's own, the group is someone else's.
  kill(tcgetpgrp(fd) == getpgrp() ? 0 : getpid(), number);
}
