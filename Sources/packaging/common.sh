# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What both packages do: build the program, and lay out what comes with it. Sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
packaging=$root/Sources/packaging

# Where the build goes: not among the builds of who works on the sources.
scratch=${PASSO_SCRATCH:-$root/.build-package}

fail() {
  echo "$*" >&2
  exit 1
}

# The commit of the sources, with -dirty if they differ from it; empty without git.
commit() {
  git -C "$root" describe --always --dirty 2>/dev/null || true
}

# What the program contains beside Swift and Passo, all as static libraries.
libraries="edit bsd md tinfo cmark-gfm cmark-gfm-extensions stdc++ gcc_eh"
static=$scratch/static

# build_program: makes the release program, which needs the C library and nothing else; its path is
# in $program.
#
# The linker takes a library from the first folder that has it, and in ours there are no shared
# ones. The folder that pkg-config names comes first of all: so it is made to name ours.
build_program() {
  local name file
  rm -rf "$static"
  mkdir -p "$static"
  for name in $libraries; do
    file=$(clang -print-file-name="lib$name.a")
    [ -f "$file" ] || fail "lib$name.a is not there: the development packages have it"
    ln -s "$file" "$static/lib$name.a"
  done
  file=$(pkg-config --variable=pcfiledir libcmark-gfm)/libcmark-gfm.pc
  sed "s|^libdir=.*|libdir=$static|" "$file" >"$static/libcmark-gfm.pc"
  PASSO_COMMIT=$(commit) PKG_CONFIG_PATH=$static swift build --package-path "$root" \
    --scratch-path "$scratch" --configuration release --product passo \
    -Xlinker -lbsd -Xlinker -ltinfo -Xlinker -lmd \
    -Xswiftc -Xclang-linker -Xswiftc -static-libgcc >&2
  program=$scratch/release/passo
}

# The version that a program says.
version() {
  "$1" --version --lang en | sed 's/^passo \([^ ]*\) .*/\1/'
}

# install_program FROM TO: without symbols; fails if it names a place of this machine.
install_program() {
  install -D -m 755 "$1" "$2"
  strip --strip-all --remove-section=.comment "$2"
  # The package manager lets a program look for libraries beside itself.
  chrpath --delete "$2" >/dev/null
  local place
  for place in "$root/" "$scratch/" "${HOME:-/root}/"; do
    if grep -qaF -e "$place" "$2"; then fail "$2 names $place"; fi
  done
}

# install_notices FILE: the licences of what is in the program beside Passo, from where the machine
# keeps them.
install_notices() {
  local name package swift
  swift=$(dirname "$(dirname "$(realpath "$(command -v swift)")")")/share/swift/LICENSE.txt
  {
    echo "The program contains, beside Passo itself, these libraries."
    notice "Swift standard library, Foundation, libdispatch" "$swift"
    notice swift-argument-parser "$scratch/checkouts/swift-argument-parser/LICENSE.txt"
    for name in $libraries; do
      package=$(dpkg -S "$(realpath "$static/lib$name.a")" | cut -d: -f1)
      notice "lib$name ($package)" "/usr/share/doc/$package/copyright"
    done
  } >"$1"
}

# notice NAME FILE
notice() {
  [ -f "$2" ] || fail "the licence of $1 is not at $2"
  printf '\n%s\n%s\n\n' "$1" "$(printf '%s' "$1" | tr -c '' '=')"
  cat "$2"
}

# install_share PROGRAM SHARE: lessons, the kernel for Jupyter, manual pages and completion.
install_share() {
  mkdir -p "$2/passo/jupyter" "$2/man/man1" "$2/man/it/man1"
  cp -r "$root/lessons" "$2/passo/lessons"
  cp -r "$root/Sources/jupyter/"{pyproject.toml,README.md,passo_kernel} "$2/passo/jupyter"
  find "$2/passo/jupyter" -name __pycache__ -prune -exec rm -rf {} +
  "$1" manual --lang en | gzip -9n >"$2/man/man1/passo.1.gz"
  "$1" manual --lang it | gzip -9n >"$2/man/it/man1/passo.1.gz"
  install_completion "$1" bash "$2/bash-completion/completions/passo"
  install_completion "$1" zsh "$2/zsh/${3:-site-functions}/_passo"
  install_completion "$1" fish "$2/fish/vendor_completions.d/passo.fish"
  chmod -R u=rwX,go=rX "$2"
}

# install_completion PROGRAM SHELL FILE
install_completion() {
  mkdir -p "$(dirname "$3")"
  "$1" --generate-completion-script "$2" >"$3"
}
