#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The ordered kernels give the same bits on every kind of processor: those that this one has, and
# ARM, with an emulator (Debian's qemu-user, gcc-aarch64-linux-gnu, libc6-dev-arm64-cross).
#
#     Tests/Interop/kernel_bits.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
sources=(Tests/Interop/kernel_bits.c Sources/CKernels/{choice,functions,kernels_plain,kernels_avx2,kernels_avx512}.c)

clang -O2 "${sources[@]}" -lm -o "$folder/here"
"$folder/here" > "$folder/lines"
# The C library with other code than it would choose here.
GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F "$folder/here" >> "$folder/lines"
if command -v qemu-aarch64 > /dev/null; then
  clang -O2 --target=aarch64-linux-gnu -fuse-ld=/usr/bin/aarch64-linux-gnu-ld "${sources[@]}" \
    -lm -static -o "$folder/arm"
  qemu-aarch64 "$folder/arm" >> "$folder/lines"
else
  echo "no qemu-aarch64: ARM was not tried"
fi
cat "$folder/lines"
[ "$(sort -u "$folder/lines" | wc -l)" = 1 ] && echo "the same bits, $(wc -l < "$folder/lines") times"
