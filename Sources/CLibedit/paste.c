// SPDX-License-Identifier: MIT
//
// Bracketed paste: while a line is read, the terminal puts a mark before and behind what is pasted.
// So a paste is one piece of text, whatever stands in it, and nothing of it is a key.
// Source: XTerm Control Sequences, "Bracketed Paste Mode".

#include "internal.h"

#include <string.h>
#include <unistd.h>

// What follows the escape of the mark before, and the whole mark behind.
static const char begin[] = "[200~";
static const char end[] = "\033[201~";

enum {
  most = 1 << 16,     // bytes that are kept: more than a line is for
  key_gap = 25,       // ms after an escape: what comes sooner belongs to the same key
  sequence_gap = 100, // ms within a mark, over a slow line
  silence = 500,      // ms after which a lone key is a person's, not a part of the paste
};

void le_pasting(le_editor *e, bool on) {
  if (!e->ansi || !e->editing) return;
  fputs(on ? "\033[?2004h" : "\033[?2004l", e->out);
  fflush(e->out);
  le_signals_note_pasting(on);
}

bool le_paste_begins(le_editor *e) {
  unsigned char bytes[sizeof begin];
  size_t count = 0;
  bool matches = e->ansi;
  while (matches && count < sizeof begin - 1) {
    if (!le_byte_follows(e, count == 0 ? key_gap : sequence_gap)) break;
    if (le_take_byte(e, &bytes[count]) != 1) break;
    matches = bytes[count] == (unsigned char)begin[count];
    count++;
  }
  if (matches && count == sizeof begin - 1) return true;
  if (count > 0) le_give_back(e, bytes, count);
  return false;
}

static void keep(le_editor *e, const char *bytes, size_t count) {
  e->paste.total += count;
  if (!e->paste.bytes) e->paste.bytes = malloc(most);
  if (!e->paste.bytes || count > most - e->paste.count) return;
  memcpy(e->paste.bytes + e->paste.count, bytes, count);
  e->paste.count += count;
}

void le_paste_character(le_editor *e, wchar_t character) {
  char *utf8 = le_narrow(&character, 1);
  e->paste.count = e->paste.total = 0;
  if (utf8) keep(e, utf8, strlen(utf8));
  free(utf8);
}

// What comes with the mark behind a paste, at once: no person types so soon.
static void gather(le_editor *e) {
  size_t held = e->ahead_end - e->ahead_start;
  memmove(e->ahead, e->ahead + e->ahead_start, held);
  e->ahead_start = 0;
  e->ahead_end = held;
  while (e->ahead_end < LE_CHUNK && le_key_follows(e, 5)) {
    ssize_t got = read(e->fd_in, e->ahead + e->ahead_end, LE_CHUNK - e->ahead_end);
    if (got <= 0) return;
    e->ahead_end += (size_t)got;
  }
}

// Whether a mark was part of what is pasted, written there so that the rest would be keys: then
// another one follows, and no new paste begins before it.
static bool is_false_end(le_editor *e) {
  gather(e);
  const unsigned char *text = e->ahead + e->ahead_start;
  size_t count = e->ahead_end - e->ahead_start;
  const unsigned char *next = memmem(text, count, end, sizeof end - 1);
  const unsigned char *other = memmem(text, count, "\033[200~", 6);
  return next && !(other && other < next);
}

// Takes bytes up to the mark behind the paste, of which some may have been seen already.
static bool take_to_end(le_editor *e, size_t *matched) {
  while (e->ahead_start < e->ahead_end) {
    char byte = (char)e->ahead[e->ahead_start++];
    // The mark has one escape, at its start: whatever breaks it off can only begin it anew.
    if (byte != end[*matched]) {
      keep(e, end, *matched);
      *matched = 0;
    }
    if (byte == end[*matched])
      (*matched)++;
    else
      keep(e, &byte, 1);
    if (*matched < sizeof end - 1) continue;
    if (!is_false_end(e)) return true;
    *matched = 0;
  }
  return false;
}

int le_read_paste(le_editor *e) {
  size_t matched = 0;
  e->paste.count = e->paste.total = 0;
  for (;;) {
    bool was_silent = !le_byte_follows(e, silence);
    int filled = le_fill_ahead(e);
    if (filled <= 0) return filled;
    bool is_lone = e->ahead_end - e->ahead_start == 1;
    int number = le_signal_of_key(le_terminal_before(), e->ahead[e->ahead_start]);
    // A terminal that forgets the mark must not hold the person.
    if (was_silent && is_lone && number != 0) {
      e->ahead_start++;
      le_signal_group(e->fd_in, number);
      continue;
    }
    if (take_to_end(e, &matched)) return 1;
  }
}

char *le_copy_paste(le_editor *e, size_t *count, size_t *total) {
  *count = e->paste.count;
  *total = e->paste.total;
  char *copy = malloc(e->paste.count + 1);
  if (copy && e->paste.count > 0) memcpy(copy, e->paste.bytes, e->paste.count);
  if (copy) copy[e->paste.count] = 0;
  e->paste.count = e->paste.total = 0;
  return copy;
}
