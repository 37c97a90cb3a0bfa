#!/usr/bin/env bash
# Sets the machine up, builds the release preset and runs every test; ctest's output comes last.
# --fast leaves out tests that need a server or take over five seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/lib.sh

preset=release
case "${1:-}" in
  "") ;;
  --fast) preset=release-fast ;;
  *)
    echo "usage: bash packaging/check.sh [--fast]" >&2
    exit 2
    ;;
esac

step "install packages" bash packaging/deps.sh
step "build release" build release
ctest --preset "$preset" -j 2
