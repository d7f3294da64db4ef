#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What check.sh does inside a fresh root: archive or package. Prints what was tried,
# what came of it, and seconds, with tabs between them.
set -uo pipefail
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM=xterm
# A fresh root has no terminals.
mount -t devpts devpts /dev/pts -o newinstance,ptmxmode=0666
ln -sf pts/ptmx /dev/ptmx
work=$(mktemp -d)
cd "$work" || exit 1
failed=0

# row WHAT COMMAND...: runs it; what it says goes into $work/said.
row() {
  local what=$1 result=ok start end
  shift
  start=$(date +%s%N)
  "$@" >"$work/said" 2>&1 </dev/null || result="failed: $?"
  end=$(date +%s%N)
  printf '%s\t%s\t%d.%d\n' "$what" "$result" $(((end - start) / 1000000000)) \
    $(((end - start) / 100000000 % 10))
  [ "$result" = ok ] || { failed=1; tail -n 5 "$work/said" >&2; }
}

# says TEXT COMMAND...: whether the command says a text.
says() {
  local text=$1
  shift
  "$@" 2>&1 | grep -qF -- "$text"
}

# A terminal for a program that wants one; `script` is in every root.
at_terminal() {
  printf ':quit\r' | script --quiet --return --command "$1" /dev/null
}

case $1 in
  archive)
    row "install" tar --extract --file "$(ls /root/passo-*.tar.gz)"
    # From somewhere else, through two links.
    mkdir -p /opt "$work/a" "$work/b"
    mv "$work"/passo-* /opt/passo
    ln -s /opt/passo/bin/passo "$work/a/passo"
    ln -s ../a/passo "$work/b/passo"
    PATH=$work/b:$PATH
    share=/opt/passo/share
    ;;
  package)
    row "install" dpkg --install "$(ls /root/passo_*.deb)"
    share=/usr/share
    ;;
esac

row "no other library" bash -c \
  '! ldd "$(command -v passo)" | grep -v -E "linux-vdso|libc\.so|libm\.so|/ld-linux"'
row "no network here" bash -c '! (exec 3<>/dev/tcp/151.101.2.132/80) 2>/dev/null'
row "--version" says "passo 0." passo --version
row "lesson 1 opens" says "01-labels" at_terminal "passo lesson 1"
row "lesson 1, TERM unknown" says "01-labels" at_terminal "env TERM=nobody-knows passo lesson 1"
row "lesson 1, no TERM" says "01-labels" at_terminal "env -u TERM passo lesson 1"
row "lesson 1, no terminfo" says "01-labels" \
  at_terminal "env TERMINFO=/nowhere TERMINFO_DIRS=/nowhere passo lesson 1"
row "lesson 1 --auto" passo lesson 1 --auto
row "lesson 1 --auto --lang it" passo lesson 1 --auto --lang it
row "lint" passo lint
row "train 20 steps" passo train --corpus gatto-1 --steps 20 --out model
row "generate" passo generate --model model --prompt "Il gatto" --max-new-tokens 8
row "export html" passo export --lesson 1 --out lesson.html
row "export cast" passo export --lesson 1 --out lesson.cast
row "manual page, two languages" bash -c \
  "zcat $share/man/man1/passo.1.gz $share/man/it/man1/passo.1.gz | grep -q COMANDI"
row "completion of bash" bash -c \
  ". $share/bash-completion/completions/passo; COMP_WORDS=(passo le) COMP_CWORD=1; _passo
   test \"\${COMPREPLY[*]}\" = lesson"
row "kernel for Jupyter" test -f "$share/passo/jupyter/passo_kernel/kernels/passo_it/kernel.json"
[ "$1" = archive ] || row "remove" bash -c 'dpkg --remove passo && ! command -v passo'
exit "$failed"
