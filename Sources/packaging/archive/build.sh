#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# build.sh [FOLDER]: makes passo-VERSION-linux-ARCH.tar.gz in FOLDER, else here; see README.md.
set -euo pipefail
out=$(realpath "${1:-.}")
. "$(dirname "$(realpath "$0")")/../common.sh"

build_program
name=passo-$(version "$program")-linux-$(uname -m)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/$name
install_program "$program" "$tree/bin/passo"
install_share "$program" "$tree/share"
install -m 644 "$root/LICENSE" "$root/README.md" "$tree"
install_notices "$tree/THIRD-PARTY.txt"

# Nothing but the C library, of which it is said how old it may be.
needed=$(readelf -d "$tree/bin/passo" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
others=$(echo "$needed" | grep -v -E '^(libc|libm|ld-linux-[a-z0-9-]*)\.so' || true)
[ -z "$others" ] || fail "the program needs more than the C library: $others"
least=$(objdump -T "$tree/bin/passo" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -n 1)
sed -e "s/@NAME@/$name/g" -e "s/@GLIBC@/${least#GLIBC_}/g" \
  "$packaging/archive/INSTALL.txt" >"$tree/INSTALL.txt"

# The same sources give the same archive.
day=$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 0)
tar --create --sort=name --mtime="@$day" --owner=0 --group=0 --numeric-owner \
  --mode=u=rwX,go=rX --directory "$work" "$name" | gzip -9n >"$out/$name.tar.gz"
echo "$out/$name.tar.gz: $(stat -c %s "$out/$name.tar.gz") bytes, glibc ${least#GLIBC_} at least"
