#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What others make of what passo writes for them: man and mandoc of the manual page, in both
# languages; bash, zsh and fish, at a terminal, of completion; asciinema of a lesson.
#
#   Tests/Interop/other_readers.sh .build/release/passo
#
# Needs man-db, mandoc, bash, zsh, fish, tmux and asciinema; prints one line for each, and fails if
# one of them has a complaint.
set -euo pipefail
passo=$(realpath "$1")
work=$(mktemp -d)
tmux=(tmux -L "passo-$$" -f /dev/null)
trap '"${tmux[@]}" kill-server 2>/dev/null; sleep 1; rm -rf "$work"' EXIT
failed=0
mkdir "$work/bin" "$work/here" "$work/here/a folder"
ln -s "$passo" "$work/bin/passo"
touch "$work/here/text one.txt"
export PATH=$work/bin:$PATH LC_ALL=C.UTF-8

# check WHAT COMMAND...: whether it succeeds and says nothing.
check() {
  local what=$1 said
  shift
  if said=$("$@" 2>&1) && [ -z "$said" ]; then echo "ok: $what"; else
    echo "failed: $what"
    echo "$said" | head -n 5
    failed=1
  fi
}

for language in en it; do
  page=$work/passo.$language.1
  passo manual --lang "$language" >"$page"
  check "mandoc, $language" mandoc -T lint "$page"
  check "man, $language" bash -c "man --warnings -E UTF-8 -l -Tutf8 -Z '$page' >/dev/null"
  check "whatis, $language" bash -c "lexgrog '$page' | grep -q 'passo - '"
done

# types SHELL KEYS WANTED: what stands on the last line after the keys and Tab.
types() {
  local line=""
  "${tmux[@]}" send-keys -t "$1" C-u
  "${tmux[@]}" send-keys -t "$1" -l "passo $2"
  "${tmux[@]}" send-keys -t "$1" Tab
  for _ in $(seq 50); do
    sleep 0.1
    line=$("${tmux[@]}" capture-pane -t "$1" -p | grep -v '^$' | tail -n 1)
    [[ $line == *"passo $3"* ]] && break
  done
  check "$1: passo $2" test -n "$(echo "$line" | grep -F "passo $3")"
}

shell() {
  passo --generate-completion-script "$1" >"$work/completion.$1"
  "${tmux[@]}" new-session -d -s "$1" -x 100 -y 30 "cd '$work/here' && HOME='$work/here' $2"
  sleep 2
  "${tmux[@]}" send-keys -t "$1" "$3" Enter
  sleep 3
  types "$1" "less" "lesson"
  types "$1" "lesson new --ti" "lesson new --title"
  types "$1" "lesson 06" "lesson 06-mask"
  types "$1" "train --preset gatto-l" "train --preset gatto-llama"
  types "$1" "train --preset=pic" "train --preset=piccolo"
  types "$1" "tokenizer train --kind ch" "tokenizer train --kind chars"
  types "$1" "train --text te" 'train --text text\ one.txt'
  types "$1" "train --model a" 'train --model a\ folder/'
}

export PASSO_LESSONS
PASSO_LESSONS=$(realpath "$(dirname "$0")/../../lessons")
shell bash "bash --norc" "source '$work/completion.bash'"
shell zsh "zsh -f" "autoload -Uz compinit; compinit -u -D; source '$work/completion.zsh'"
shell fish "fish --no-config" "source '$work/completion.fish'"

passo export --lesson 1 --out "$work/lesson.cast" --lang it >"$work/said"
check "asciinema" bash -c \
  "script -qec \"asciinema cat '$work/lesson.cast'\" /dev/null | grep -q 'fine della lezione'"
exit "$failed"
