// SPDX-License-Identifier: MIT
//
// The keys that the program answers, and what it may do with the line meanwhile.

#include "internal.h"

#include <string.h>

static unsigned char answer(EditLine *el, le_key key) {
  le_editor *e = le_self(el);
  if (!e->key) return CC_ERROR;
  switch (e->key(e->context, key)) {
  case le_action_redraw: return CC_REFRESH;
  case le_action_move: return CC_CURSOR;
  case le_action_beep: return CC_ERROR;
  case le_action_draw_below: el_wset(el, EL_REFRESH); return CC_NORM;
  case le_action_usual: el_wpush(el, (wchar_t[]){LE_NEXT_IN_HISTORY, 0}); return CC_NORM;
  }
  return CC_ERROR;
}

// libedit tells a function neither its name nor a context, so each key needs a function of its own.
#define ANSWER(key)                                           \
  static unsigned char answer_##key(EditLine *el, wint_t c) { \
    (void)c;                                                  \
    return answer(el, le_key_##key);                          \
  }
ANSWER(complete)
ANSWER(forward)
ANSWER(backward)
ANSWER(right)
ANSWER(left)
ANSWER(space)
ANSWER(enter)
ANSWER(page)
ANSWER(edit)

// Where the mark came too slowly to be seen as one, libedit has put it together: the paste follows.
static unsigned char answer_paste(EditLine *el, wint_t c) {
  if (c != LE_PASTED && le_read_paste(le_self(el)) < 0) return CC_EOF;
  return answer(el, le_key_paste);
}

static const struct {
  const wchar_t *name, *help;
  unsigned char (*function)(EditLine *, wint_t);
} functions[] = {
    {L"passo-complete", L"Complete the word", answer_complete},
    {L"passo-forward", L"One step forward", answer_forward},
    {L"passo-backward", L"One step back", answer_backward},
    {L"passo-right", L"Accept the hint, or step forward on an empty line", answer_right},
    {L"passo-left", L"Move left, or step back on an empty line", answer_left},
    {L"passo-space", L"Step forward on an empty line", answer_space},
    {L"passo-enter", L"Run the prepared command on an empty line", answer_enter},
    {L"passo-page", L"Go on with the lesson on an empty line, or in the history", answer_page},
    {L"passo-edit", L"Take the prepared command into the empty line", answer_edit},
    {L"passo-paste", L"Insert what is pasted", answer_paste},
};

struct binding {
  const wchar_t *key, *function;
};

// What people expect from other line editors; ~/.editrc may change it.
static const struct binding usual[] = {
    {L"^R", L"em-inc-search-prev"},    {L"^W", L"ed-delete-prev-word"},
    {L"\\e[3~", L"ed-delete-next-char"}, {L"\\e[1~", L"ed-move-to-beg"},
    {L"\\e[4~", L"ed-move-to-end"},    {L"\\e[H", L"ed-move-to-beg"},
    {L"\\e[F", L"ed-move-to-end"},     {L"\\e[1;5C", L"em-next-word"},
    {L"\\e[1;5D", L"ed-prev-word"},   {L"\\e[5~", L"ed-prev-history"},
};

// Two spellings each: arrows in both cursor modes, Shift-F8 of xterm and of the Linux console.
static const struct binding own[] = {
    {L"^I", L"passo-complete"},         {L"\\e[19~", L"passo-forward"},
    {L"\\e[19;2~", L"passo-backward"},  {L"\\e[34~", L"passo-backward"},
    {L"\\e[C", L"passo-right"},         {L"\\eOC", L"passo-right"},
    {L"\\e[D", L"passo-left"},          {L"\\eOD", L"passo-left"},
    {(wchar_t[]){LE_SPACE_ON_EMPTY, 0}, L"passo-space"},
    {(wchar_t[]){LE_ENTER_ON_EMPTY, 0}, L"passo-enter"},
    {L"\\e[6~", L"passo-page"},
    {(wchar_t[]){LE_NEXT_IN_HISTORY, 0}, L"ed-next-history"},
    {(wchar_t[]){LE_EDITED_NEXT, 0}, L"passo-edit"},
    {(wchar_t[]){LE_PASTED, 0}, L"passo-paste"},
    {L"\\e[200~", L"passo-paste"},       {L"\\e[201~", L"ed-ignore"},
};

static void bind_all(le_editor *e, const struct binding *bindings, size_t count) {
  for (size_t i = 0; i < count; i++)
    el_wset(e->el, EL_BIND, bindings[i].key, bindings[i].function, NULL);
}

void le_bind_own_keys(le_editor *e) {
  bind_all(e, own, sizeof own / sizeof *own);
  // In the command mode of vi, which ~/.editrc may ask for, a paste is a paste as well.
  el_wset(e->el, EL_BIND, L"-a", (wchar_t[]){LE_PASTED, 0}, L"passo-paste", NULL);
}

bool le_define_keys(le_editor *e) {
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
    if (el_wset(e->el, EL_ADDFN, functions[i].name, functions[i].help, functions[i].function) != 0)
      return false;
  bind_all(e, usual, sizeof usual / sizeof *usual);
  le_bind_own_keys(e);
  return true;
}

// -- The line -------------------------------------------------------------------------------------

char *le_copy_line(le_editor *e, size_t *cursor) {
  const LineInfoW *line = el_wline(e->el);
  char *before = le_narrow(line->buffer, (size_t)(line->cursor - line->buffer));
  *cursor = before ? strlen(before) : 0;
  free(before);
  return le_narrow(line->buffer, (size_t)(line->lastchar - line->buffer));
}

void le_insert(le_editor *e, const char *text) {
  wchar_t *wide = le_widen(text);
  if (wide) el_winsertstr(e->el, wide);
  free(wide);
}

void le_delete_before_cursor(le_editor *e, int scalars) {
  if (scalars > 0) el_deletestr(e->el, scalars);
}

void le_move_cursor(le_editor *e, int scalars) { el_cursor(e->el, scalars); }

void le_submit(le_editor *e) { el_wpush(e->el, L"\n"); }
