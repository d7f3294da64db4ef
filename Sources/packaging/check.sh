#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# check.sh FOLDER: tries the archive and the Debian package in FOLDER in fresh minimal roots of two
# Debian releases, without a network; see README.md. Needs root, debootstrap and Debian's packages.
set -euo pipefail
folder=$(realpath "${1:-.}")
here=$(dirname "$(realpath "$0")")
roots=${PASSO_ROOTS:-$(mktemp -d)}
mirror=${PASSO_MIRROR:-http://deb.debian.org/debian}
status=0

# only PATTERN: the one file that it matches.
only() {
  [ $# = 1 ] && [ -e "$1" ] || { echo "needs one such file in $folder, found: $*" >&2; exit 1; }
  echo "$1"
}
archive=$(only "$folder"/passo-*-linux-*.tar.gz)
package=$(only "$folder"/passo_*.deb)

# root RELEASE: a minimal system that is kept for the next time.
root() {
  if [ ! -e "$roots/$1.tar" ]; then
    debootstrap --variant=minbase "$1" "$roots/$1" "$mirror" >"$roots/$1.log" 2>&1
    tar --create --file "$roots/$1.tar" --directory "$roots/$1" --one-file-system .
    rm -rf "${roots:?}/$1"
  fi
  rm -rf "${roots:?}/now"
  mkdir "$roots/now"
  tar --extract --file "$roots/$1.tar" --directory "$roots/now"
}

# try RELEASE WAY: what `inside.sh` says there goes into $said, with where it was.
try() {
  root "$1"
  cp "$here/inside.sh" "$archive" "$package" "$roots/now/root/"
  unshare --net --mount --pid --fork --mount-proc="$roots/now/proc" \
    chroot "$roots/now" /bin/bash /root/inside.sh "$2" | sed "s/^/$1, $2\t/" >>"$said" || status=1
  rm -rf "${roots:?}/now"
}

# table: a row for each thing that was tried, a column for each place; seconds where all went well.
table() {
  awk -F '\t' '
    !($1 in place) { place[$1] = 1; places[++columns] = $1 }
    !($2 in thing) { thing[$2] = 1; things[++rows] = $2 }
    { cell[$1, $2] = $3 == "ok" ? $4 " s" : $3 }
    END {
      head = "| what |"; rule = "| --- |"
      for (i = 1; i <= columns; i++) { head = head " " places[i] " |"; rule = rule " --- |" }
      print head; print rule
      for (j = 1; j <= rows; j++) {
        row = "| " things[j] " |"
        for (i = 1; i <= columns; i++) row = row " " cell[places[i], things[j]] " |"
        print row
      }
    }' "$said"
}

said=$(mktemp)
# Roots that are to be kept have been named.
trap 'rm -rf "$said"; [ -n "${PASSO_ROOTS:-}" ] || rm -rf "$roots"' EXIT
for release in bookworm trixie; do
  for way in archive package; do try "$release" "$way"; done
done
table
exit "$status"
