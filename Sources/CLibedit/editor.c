// SPDX-License-Identifier: MIT
//
// The life of an editor, and reading a line with it.

#include "internal.h"

#include <errno.h>
#include <unistd.h>

enum { history_size = 1000 };

le_editor *le_self(EditLine *el) {
  void *self = NULL;
  el_wget(el, EL_CLIENTDATA, &self);
  return self;
}

static wchar_t *prompt_of(EditLine *el) { return le_self(el)->prompt; }

// -- Opening and closing --------------------------------------------------------------------------

// The program's own stream where there is one: libedit and print() must not overtake each other.
static FILE *open_stream(int fd, int own_fd, FILE *own, const char *mode) {
  if (fd == own_fd) return own;
  int copy = dup(fd);
  FILE *stream = copy >= 0 ? fdopen(copy, mode) : NULL;
  if (!stream && copy >= 0) close(copy);
  return stream;
}

static bool open_history(le_editor *e) {
  HistEventW event;
  e->history = history_winit();
  if (!e->history) return false;
  history_w(e->history, &event, H_SETSIZE, history_size);
  history_w(e->history, &event, H_SETUNIQUE, 1);
  return el_wset(e->el, EL_HIST, history_w, e->history) == 0;
}

static bool open_all(le_editor *e, const char *program) {
  e->in = open_stream(e->fd_in, STDIN_FILENO, stdin, "r");
  e->out = open_stream(e->fd_out, STDOUT_FILENO, stdout, "w");
  e->prompt = le_widen("> ");
  if (!e->in || !e->out || !e->prompt) return false;
  e->el = el_init(program, e->in, e->out, stderr);
  if (!e->el) return false;
  el_wset(e->el, EL_CLIENTDATA, e);
  el_wset(e->el, EL_SIGNAL, 0);
  el_wset(e->el, EL_EDITOR, L"emacs");
  el_wset(e->el, EL_PROMPT_ESC, prompt_of, L'\1');
  el_wset(e->el, EL_GETCFN, le_read_character);
  // Control characters in a paste are text: no signal, and no stop of the output.
  el_wset(e->el, EL_SETTY, L"-d", L"-isig", L"-ixon", NULL);
  return le_define_keys(e) && open_history(e);
}

le_editor *le_open(const char *program, int fd_in, int fd_out, bool ansi) {
  le_editor *e = calloc(1, sizeof *e);
  if (!e) return NULL;
  e->fd_in = fd_in;
  e->fd_out = fd_out;
  e->ansi = ansi;
  if (open_all(e, program)) return e;
  le_close(e);
  return NULL;
}

void le_close(le_editor *e) {
  if (e->el) {
    el_wset(e->el, EL_EDITMODE, 0);  // else el_end() throws away what was typed ahead
    el_end(e->el);
  }
  if (e->history) history_wend(e->history);
  if (e->in && e->in != stdin) fclose(e->in);
  if (e->out && e->out != stdout) fclose(e->out);
  free(e->prompt);
  free(e->paste.bytes);
  free(e);
}

void le_set_functions(le_editor *e, void *context, le_key_function key, le_hint_function hint) {
  e->context = context;
  e->key = key;
  e->hint = hint;
}

void le_read_user_file(le_editor *e) {
  el_source(e->el, NULL);
  le_bind_own_keys(e);
}

// -- Reading --------------------------------------------------------------------------------------

static void set_prompt(le_editor *e, const char *prompt) {
  wchar_t *wide = le_widen(prompt);
  if (!wide) return;  // the old one still tells that a line is expected
  free(e->prompt);
  e->prompt = wide;
}

le_status le_read_line(le_editor *e, const char *prompt, char **line) {
  *line = NULL;
  set_prompt(e, prompt);
  int editing = 0, count = 0;
  el_wget(e->el, EL_EDITMODE, &editing);
  e->editing = editing != 0;
  e->interrupted = e->marks_visible = false;
  e->rows_gone = 0;
  le_signals_begin(e->fd_in);
  e->in_line = true;
  le_pasting(e, true);
  errno = 0;
  const wchar_t *text = el_wgets(e->el, &count);
  int error = errno;
  le_pasting(e, false);
  e->in_line = false;
  le_signals_end();
  if (e->interrupted) return le_status_interrupted;
  if (!text) return count < 0 && error != 0 ? le_status_failed : le_status_end_of_file;
  size_t length = count > 0 ? (size_t)count : 0;
  while (length > 0 && (text[length - 1] == L'\n' || text[length - 1] == L'\r')) length--;
  *line = le_narrow(text, length);
  return *line ? le_status_line : le_status_failed;
}

void le_add_history(le_editor *e, const char *line) {
  HistEventW event;
  wchar_t *wide = le_widen(line);
  if (wide) history_w(e->history, &event, H_ENTER, wide);
  free(wide);
}
