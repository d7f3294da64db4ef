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
#include <sys/types.h>
#include <termios.h>
#include <wchar.h>

#include "clibedit.h"

enum { LE_CHUNK = 4096 };

struct le_editor {
  EditLine *el;
  HistoryW *history;
  FILE *in, *out;
  int fd_in, fd_out;
  void *context;
  le_key_function key;
  le_hint_function hint;
  wchar_t *prompt;
  // Bytes that were read and that nobody has taken yet: keys given back, and what came with a paste.
  unsigned char ahead[LE_CHUNK + 64];
  size_t ahead_start, ahead_end;
  struct {
    char *bytes;
    size_t count, total;  // kept, and how many there were
    bool waits;           // for the line that comes next
  } paste;
  bool ansi;
  bool editing;  // libedit edits this line (some terminals and ~/.editrc forbid it)
  bool in_line;  // libedit reads now
  bool hint_visible;
  int reports_due;     // answers of the terminal that have not come in time
  int rows_gone;       // of the line, above the screen
  bool marks_visible;  // drawn by us, so that libedit would leave them
  bool interrupted;
  bool line_offered;  // the key that comes has had its line to edit, if there is one
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
// Makes a signal that ends the process put the terminal in order first.
void le_watch_end(void);
// The terminal as it was before a line began.
const struct termios *le_terminal_before(void);
// The signal that a key stands for in some modes, or 0, and what the terminal would do with it.
int le_signal_of_key(const struct termios *modes, int key);
void le_signal_group(int fd, int number);
// Whether a signal that ends the process has to tell the terminal that pastes are keys again.
void le_signals_note_pasting(bool on);

// color.c: the colours that the screen was given, and its own again. Signal handlers may call it.
void le_colors(bool given);

// screen.c
void le_hint_draw(le_editor *e);
void le_hint_erase(le_editor *e);
void le_move_to_end(le_editor *e);
void le_redraw_resized(le_editor *e);

// picture.c
void le_picture_draw(le_editor *e);
// The same after the window has another size.
void le_picture_resized(le_editor *e);
// Whether a character takes no cell: libedit must not draw it by itself, for it would count one.
bool le_is_zero_width(wchar_t character);
// Cells from the prompt's first one to the end of a character, in rows of so many columns.
int le_cells(const le_editor *e, const LineInfoW *line, const wchar_t *end, int columns);

// report.c
// The row of the screen in which the cursor is, from 0; false if the terminal does not say.
bool le_ask_row(le_editor *e, int *row);
// Takes an answer that has come too late, behind its escape; false if the escape is a key.
bool le_report_comes(le_editor *e);

// keys.c: characters that nobody types: what Space and Enter become on an empty line.
#define LE_SPACE_ON_EMPTY L'\x9f'
#define LE_ENTER_ON_EMPTY L'\x9e'
// What a whole paste is to libedit: one key.
#define LE_PASTED L'\x9d'
// What comes before a key that edits, on an empty line, and what Page Down does elsewhere.
#define LE_EDITED_NEXT L'\x9c'
#define LE_NEXT_IN_HISTORY L'\x9b'
bool le_define_keys(le_editor *e);
void le_bind_own_keys(le_editor *e);

// input.c: the function through which libedit reads.
int le_read_character(EditLine *el, wchar_t *character);
// A byte: 1, 0 at the end of input, -1 with errno. Bytes given back come first.
ssize_t le_take_byte(le_editor *e, unsigned char *byte);
void le_give_back(le_editor *e, const unsigned char *bytes, size_t count);
// Whether a byte is there, or comes within some milliseconds.
bool le_byte_follows(const le_editor *e, int milliseconds);
// The same of the keyboard alone.
bool le_key_follows(const le_editor *e, int milliseconds);
// Puts bytes behind those that nobody has taken yet.
void le_append_ahead(le_editor *e, const char *bytes, size_t count);
// Waits for a byte in `ahead`: 1, 0 at the end of input, -1 if a signal ends the line.
int le_fill_ahead(le_editor *e);

// paste.c: bracketed paste, in which the terminal says where a paste begins and ends.
void le_pasting(le_editor *e, bool on);
bool le_paste_begins(le_editor *e);
// Reads to the end of a paste: 1, 0 at the end of input, -1 if a signal ends the line.
int le_read_paste(le_editor *e);
// Makes a paste of one character.
void le_paste_character(le_editor *e, wchar_t character);

#endif
