#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# build.sh [FOLDER]: makes passo_VERSION_ARCH.deb in FOLDER, else here; see README.md.
set -euo pipefail
out=$(realpath "${1:-.}")
. "$(dirname "$(realpath "$0")")/../common.sh"

build_program
version=$(version "$program")
changed=$(dpkg-parsechangelog -l "$packaging/debian/debian/changelog" -S Version)
[ "$version" = "$changed" ] || fail "the program is version $version, the changelog says $changed"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source=$work/passo-$version
mkdir "$source"
cp -r "$packaging/debian/debian" "$source/debian"
usr=$source/debian/staged/usr
install_program "$program" "$usr/bin/passo"
install_share "$program" "$usr/share" vendor-completions
mkdir -p "$usr/share/doc/passo"
install_notices "$usr/share/doc/passo/THIRD-PARTY.txt"
install -m 644 "$root/README.md" "$usr/share/doc/passo/README.md"

(cd "$source" && dpkg-buildpackage --build=binary --no-sign --no-check-builddeps) >&2
install -m 644 "$work"/passo_*.deb "$out"
deb=$(basename "$work"/passo_*.deb)
echo "$out/$deb: $(stat -c %s "$out/$deb") bytes"
