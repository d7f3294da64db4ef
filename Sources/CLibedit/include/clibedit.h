// SPDX-License-Identifier: MIT
//
// A small, non-variadic face of libedit for Swift. Text is UTF-8 at this border; inside, only
// libedit's wide functions are used. One thread uses an editor; the signal functions are global.

#ifndef CLIBEDIT_H
#define CLIBEDIT_H

#include <stdbool.h>
#include <stddef.h>

#pragma clang assume_nonnull begin

#define LE_CLOSED_ENUM __attribute__((enum_extensibility(closed)))

typedef struct le_editor le_editor;

/// How a line ended.
typedef enum LE_CLOSED_ENUM {
  le_status_line,
  le_status_end_of_file,
  le_status_interrupted,
  le_status_failed,
} le_status;

/// The keys that the program answers itself; everything else is libedit's.
typedef enum LE_CLOSED_ENUM {
  le_key_complete,
  le_key_forward,
  le_key_backward,
  le_key_right,
  le_key_left,
  le_key_space,  // on an empty line only
  le_key_enter,  // on an empty line only
  le_key_page,   // Page Down, on an empty line only
  le_key_edit,   // before a key that edits what is there, on an empty line only
  le_key_paste,  // a whole paste, see `le_copy_paste`
} le_key;

/// What the editor does after the program has answered a key.
typedef enum LE_CLOSED_ENUM {
  le_action_redraw,     // the text has changed
  le_action_move,       // only the cursor has moved
  le_action_beep,       // the key means nothing here
  le_action_draw_below, // something was printed below: draw prompt and text again under it
  le_action_usual,      // what the key does elsewhere: Page Down goes on in the history
} le_action;

typedef le_action (*le_key_function)(void *_Nullable context, le_key key);

/// Gives a malloc'ed hint for the text of the line, or NULL. The editor frees it.
typedef char *_Nullable (*le_hint_function)(void *_Nullable context, const char *line);

// -- Process-wide ---------------------------------------------------------------------------------

/// Takes the character set of the environment, or of C.UTF-8 where that is not UTF-8.
/// Call it once, before the first editor. False if no UTF-8 locale exists.
bool le_use_utf8_locale(void);

/// Makes Ctrl-C set a flag. The third Ctrl-C that nobody clears ends the process with status 130.
void le_watch_interrupts(void);

/// Makes SIGTERM and SIGHUP set that flag too. From then on the second signal, of whichever kind,
/// ends the process with the status that belongs to it.
void le_watch_endings(void);

/// What becomes of a signal to which there is no answer within some 80 milliseconds.
typedef enum LE_CLOSED_ENUM {
  le_unanswered_waits,
  le_unanswered_ends,  // the process, unless someone has asked whether it is pending
  le_unanswered_says,  // a text on standard error, unless it has been cleared
} le_unanswered;

/// Chooses it; `text` is what is said.
void le_when_unanswered(le_unanswered what, const char *_Nullable text);

bool le_interrupt_pending(void);

/// The exit status for the signal that came last: 128 and its number.
int le_interrupt_status(void);

void le_interrupt_clear(void);

/// Waits until a file can be read; false if Ctrl-C came first.
bool le_wait_for_input(int fd);

/// The size of a terminal in cells; false if the file is none or does not know.
bool le_terminal_size(int fd, int *columns, int *rows);

// -- Editor ---------------------------------------------------------------------------------------

/// Opens an editor, or NULL when memory is short or the files are not open.
/// `ansi` says that the terminal knows the usual control sequences.
le_editor *_Nullable le_open(const char *program, int fd_in, int fd_out, bool ansi);
void le_close(le_editor *editor);

/// Names the functions that answer keys and give hints. Without `hint` no hint is drawn.
void le_set_functions(le_editor *editor, void *_Nullable context, le_key_function key,
                      le_hint_function _Nullable hint);

/// Reads `$EDITRC` or `~/.editrc`; the keys of this program still win afterwards.
void le_read_user_file(le_editor *editor);

/// Reads one line. `line` becomes a malloc'ed text without line end, or NULL. In `prompt`, a pair
/// of \x01 encloses what takes no columns; a visible character must follow each pair.
le_status le_read_line(le_editor *editor, const char *prompt, char *_Nullable *_Nonnull line);

/// Adds a line to what Up, Down and Ctrl-R find.
void le_add_history(le_editor *editor, const char *line);

/// Whether something was typed that no line has taken yet. What would only have turned a page is
/// dropped first: Space, Enter and Page Down.
bool le_typed_ahead(le_editor *editor);

/// Waits for one key outside of a line: its first byte, where Down is a line feed, Page Down a blank
/// and other escape sequences are an escape; -1 if Ctrl-C came first or the input has ended. A paste
/// is `le_key_is_paste`: the next line begins with it.
int le_read_key(le_editor *editor);
enum { le_key_is_paste = 0x100 };

/// Gives a byte back: the next line begins with it.
void le_unread_key(le_editor *editor, int key);

// -- The line, while a key is being answered ------------------------------------------------------

/// A malloc'ed copy of the text, or NULL; `cursor` becomes the bytes before the cursor.
char *_Nullable le_copy_line(le_editor *editor, size_t *cursor);
void le_insert(le_editor *editor, const char *text);
/// A malloc'ed copy of what was pasted, or NULL: UTF-8 as far as a stranger's text is. It has `count`
/// bytes, of `total`; more than a line is for are not kept.
char *_Nullable le_copy_paste(le_editor *editor, size_t *count, size_t *total);
void le_delete_before_cursor(le_editor *editor, int scalars);
void le_move_cursor(le_editor *editor, int scalars);
/// Ends the line as Enter does, once the key has been answered.
void le_submit(le_editor *editor);
/// Prints below the line; answer the key with `le_action_draw_below` afterwards.
void le_print_below(le_editor *editor, const char *text);

// -- Colours of the whole screen ------------------------------------------------------------------

/// Writes what gives a terminal other colours. What takes them back is written when a signal ends the
/// process, while it is stopped at a prompt, and at once where `on` is NULL.
void le_color_screen(int fd, const char *_Nullable on, const char *_Nullable off);

// -- Standard streams -----------------------------------------------------------------------------

/// Opens those of the descriptors 0, 1 and 2 that are closed: else the next file that is opened
/// would be taken for one of them. What is read there is empty, what is written there is gone.
void le_open_standard_files(void);

/// Whether standard output has ever refused what was written to it.
bool le_output_failed(void);

/// Whether nobody reads standard output any more.
bool le_reader_is_gone(void);

// -- For tests ------------------------------------------------------------------------------------

/// Opens a pseudo terminal; false if the system has none to give.
bool le_open_terminal_pair(int *controller, int *terminal, int columns, int rows);
bool le_set_terminal_size(int fd, int columns, int rows);

#pragma clang assume_nonnull end

#endif
