#!/usr/bin/env bash
# Installs the Debian packages that a build and its tests need, only the missing ones.
# With `--lint`, those of the lint steps too.
set -euo pipefail

packages="ninja-build ccache cmake make g++ pkg-config python3 clang-19 catch2 capnproto cppzmq-dev
  libboost1.81-dev libcapnp-dev libcli11-dev liblua5.4-dev libre2-dev libsimdjson-dev libsodium-dev libtomlplusplus-dev libxxhash-dev libzmq3-dev nlohmann-json3-dev"
[ "${1:-}" = --lint ] && packages="$packages clang-format-19 clang-tidy-19"

missing=""
for package in $packages; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
    missing="$missing $package"
done
[ -n "$missing" ] || exit 0

sudo=""
[ "$(id -u)" = 0 ] || sudo=sudo
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -q
# shellcheck disable=SC2086 # one word a package
$sudo apt-get install -y -q --no-install-recommends $missing
