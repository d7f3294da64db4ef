// SPDX-License-Identifier: MIT
//
// What the files of this target share.

#ifndef CLIBEDIT_INTERNAL_H
#define CLIBEDIT_INTERNAL_H

// wcwidth() and posix_openpt() are hidden without it.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#if !__has_include(<histedit.h>)
#error "Passo needs libedit: apt install libedit-dev (Debian, Ubuntu) or dnf install libedit-devel"
#else
#include <histedit.h>
#endif

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "clibedit.h"

struct le_editor {
  EditLine *el;
  HistoryW *history;
  FILE *in, *out;
  int fd_in, fd_out;
  void *context;
  le_key_function key;
  le_hint_function hint;
  wchar_t *prompt;
  int unread;  // a byte to read again, or -1
  bool ansi;
  bool editing;  // libedit edits this line (some terminals and ~/.editrc forbid it)
  bool hint_visible;
  bool interrupted;
};

le_editor *le_self(EditLine *el);

// text.c: conversions give malloc'ed text, NULL when memory is short; bad input becomes '?'.
wchar_t *le_widen(const char *utf8);
char *le_narrow(const wchar_t *text, size_t count);
int le_width(const wchar_t *text, size_t count);
int le_prompt_width(const wchar_t *prompt);

// signals.c: what has happened since it was last asked.
void le_signals_begin(int fd);
void le_signals_end(void);
int le_signal_pipe(void);
void le_signal_pipe_drain(void);
bool le_take_resize(void);
bool le_take_stop(void);
bool le_take_continue(void);
void le_stop_process(void);

// screen.c
void le_hint_draw(le_editor *e);
void le_hint_erase(le_editor *e);
void le_move_to_end(le_editor *e);
void le_redraw_resized(le_editor *e);

// keys.c: characters that nobody types: what Space and Enter become on an empty line.
#define LE_SPACE_ON_EMPTY L'\x9f'
#define LE_ENTER_ON_EMPTY L'\x9e'
bool le_define_keys(le_editor *e);
void le_bind_own_keys(le_editor *e);

// input.c: the function through which libedit reads.
int le_read_character(EditLine *el, wchar_t *character);

#endif
