#!/usr/bin/env bash
# From a bare Debian 12 machine to a first result: installs what is missing, builds the release
# preset without its tests, and counts the words of the licences that every Debian machine has.
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/lib.sh

out=build/quickstart/counts
pipeline=configs/pipelines/wordcount.toml

count_words() {
  mkdir -p "$out"
  BOOKS=/usr/share/common-licenses/ OUT="$out/" build/release/bin/sage run "$pipeline"
}

# The ten most frequent words of rows like {"word":"the","n":123}.
top_ten() {
  cat "$out"/part-*.jsonl |
    sed -n 's/^{"word":"\(.*\)","n":\([0-9]*\)}$/\2 \1/p' | sort -k1,1nr -k2 |
    awk 'NR <= 10 { printf "%10d  %s\n", $1, $2 }'
}

step "install packages" bash packaging/deps.sh
step "build release" build release core/all plugins/all nodes/cli/all sdk_build/all
step "count words" count_words

printf '\nThe ten most frequent words:\n'
top_ten
printf '\n%s\nThe rows are in %s/\n' "$(grep '^done:' "$logs/count-words.log" | tail -n 1)" "$out"
cat <<EOF

Next:
  build/release/bin/sage plugin list           the operators in the box
  build/release/bin/sage graph $pipeline
  build/release/bin/sage test $pipeline
EOF
