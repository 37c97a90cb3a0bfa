# Sourced by the scripts beside it: steps with a name, a time and a log file.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
logs="$root/build/logs"
mkdir -p "$logs"

# step NAME COMMAND...: runs the command with its output in a log; on failure names both and stops.
step() {
  local name=$1 began=$SECONDS
  shift
  local log="$logs/${name// /-}.log"
  printf '==> %s\n' "$name"
  if "$@" >"$log" 2>&1 </dev/null; then
    printf '    ok, %d s\n' $((SECONDS - began))
    return
  fi
  tail -n 40 "$log" >&2
  printf 'failed: %s, after %d s; the whole log is %s\n' "$name" $((SECONDS - began)) "$log" >&2
  exit 1
}

# Configures a preset unless ninja can tell by itself that nothing changed.
configure() {
  [ -f "$root/build/$1/build.ninja" ] || cmake --preset "$1" -S "$root"
}

# build PRESET [TARGET...]
build() {
  configure "$1" && (cd "$root" && cmake --build --preset "$1" ${2:+--target "${@:2}"})
}
