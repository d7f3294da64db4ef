// SPDX-License-Identifier: MIT
//
// UTF-8 and wide text, and the columns it takes.

#include "internal.h"

#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <string.h>

static bool is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

// libedit asks the locale which characters are letters: in the C locale an accent is a command.
bool le_use_utf8_locale(void) {
  static const char *const names[] = {"", "C.UTF-8", "en_US.UTF-8", "UTF-8"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (setlocale(LC_CTYPE, names[i]) && is_utf8()) return true;
  return false;
}

wchar_t *le_widen(const char *utf8) {
  size_t left = strlen(utf8);
  wchar_t *text = calloc(left + 1, sizeof *text);
  if (!text) return NULL;
  mbstate_t state = {0};
  for (wchar_t *to = text; left > 0; to++) {
    size_t used = mbrtowc(to, utf8, left, &state);
    if (used == (size_t)-1 || used == (size_t)-2) {
      *to = L'?';
      used = 1;
      memset(&state, 0, sizeof state);
    }
    utf8 += used;
    left -= used;
  }
  return text;
}

char *le_narrow(const wchar_t *text, size_t count) {
  char *utf8 = calloc(count + 1, MB_LEN_MAX);
  if (!utf8) return NULL;
  mbstate_t state = {0};
  char *to = utf8;
  for (size_t i = 0; i < count; i++) {
    size_t made = wcrtomb(to, text[i], &state);
    if (made == (size_t)-1) {
      *to = '?';
      made = 1;
      memset(&state, 0, sizeof state);
    }
    to += made;
  }
  *to = 0;
  return utf8;
}

int le_width(const wchar_t *text, size_t count) {
  int columns = 0;
  for (size_t i = 0; i < count; i++) {
    int width = wcwidth(text[i]);
    if (width > 0) columns += width;
  }
  return columns;
}

int le_prompt_width(const wchar_t *prompt) {
  int columns = 0;
  bool literal = false;
  for (; *prompt; prompt++) {
    if (*prompt == L'\1')
      literal = !literal;
    else if (!literal)
      columns += le_width(prompt, 1);
  }
  return columns;
}
