#!/usr/bin/env bash
# The one test command: restores, builds and runs every *.Tests project, and closes with "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

usage() {
  cat <<'USAGE'
Usage: ./test.sh [--filter EXPRESSION] [--no-build] [--jobs N] [--help]

Runs every test project in Release and closes with the line "N passed, N failed, N skipped".
Exit code: 0 when all tests that ran passed, 1 when one failed, when something does not build, or when no test ran.

  --filter EXPRESSION   only the tests that match, as 'dotnet test --filter' takes it:
                          ./test.sh --filter Portfolio
                          ./test.sh --filter 'FullyQualifiedName~Tidy'
  --no-build            run what is built already (after an earlier ./test.sh)
  --jobs N              so many test projects side by side; two, where there are two cores, for much of their time is waiting.
                        With HEALTHGRAINS_LONG=1, which measures, it is one
  --help                this text

Where the packages of HealthGrains.sln cannot be restored, the projects of HealthGrains.Embedded.slnf are tested alone and
one line says what was left out. Only a package that cannot be had leads there; nothing that fails to build or to pass does.
USAGE
}

filter=""
build=true
jobs=""
while [ $# -gt 0 ]; do
  case "$1" in
    --help|-h) usage; exit 0 ;;
    --no-build) build=false ;;
    --filter) [ $# -ge 2 ] || { echo "test.sh: --filter needs an expression; see ./test.sh --help" >&2; exit 2; }
              filter="$2"; shift ;;
    --filter=*) filter="${1#--filter=}" ;;
    --jobs) [ $# -ge 2 ] && [[ "$2" =~ ^[1-9][0-9]?$ ]] || { echo "test.sh: --jobs needs a number from 1; see ./test.sh --help" >&2; exit 2; }
            jobs="$2"; shift ;;
    *) echo "test.sh: unknown option '$1'; see ./test.sh --help" >&2; exit 2 ;;
  esac
  shift
done

command -v dotnet >/dev/null || { echo "test.sh: the .NET SDK (see global.json) is not on the PATH; install it and try again" >&2; exit 1; }

# Messages are read below, so they must be English; nothing may stay behind that keeps the caller's pipe open.
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
export MSBUILDTERMINALLOGGER=off
# What the runtime learns for later, and what it does that no code is both written and run, costs processes that live for a minute more
# than it gains. Not so where speed is measured.
if [ "${HEALTHGRAINS_LONG:-}" != 1 ]; then
  export DOTNET_TieredPGO="${DOTNET_TieredPGO:-0}" DOTNET_EnableWriteXorExecute="${DOTNET_EnableWriteXorExecute:-0}"
fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

projects_of_sln() { grep -o '[A-Za-z0-9_.\\/-]*\.csproj' HealthGrains.sln | tr '\\' '/' | sort -u; }
projects_of_slnf() { grep -o '[A-Za-z0-9_.\\/-]*\.csproj' HealthGrains.Embedded.slnf | tr -s '\\' '/' | sort -u; }

target=HealthGrains.sln
if $build; then
  if ! dotnet restore HealthGrains.sln </dev/null >"$work/restore.log" 2>&1; then
    # NU11xx: no such package or version; NU1603: another version than the one asked for; NU13xx: no such source, or it did not answer.
    # Anything else is a fault of ours.
    code="$(grep -oE 'error NU1([13][0-9]{2}|603)' "$work/restore.log" | sort | uniq -c | sort -rn | awk 'NR==1 { print $3 }')"
    left_out="$(comm -23 <(projects_of_sln) <(projects_of_slnf) | xargs -r -n1 basename -s .csproj | paste -sd, | sed 's/,/, /g')"
    if [ -z "$code" ] || [ -z "$left_out" ]; then
      cat "$work/restore.log"
      echo "test.sh: the packages cannot be restored; see above" >&2
      exit 1
    fi
    package="$(grep -oE "error $code: .*" "$work/restore.log" | head -1 | sed "s/^error //; s/ \[.*//" | cut -c1-160)"
    if ! dotnet restore HealthGrains.Embedded.slnf </dev/null >"$work/restore.log" 2>&1; then
      cat "$work/restore.log"
      echo "test.sh: the packages cannot be restored; see above" >&2
      exit 1
    fi
    target=HealthGrains.Embedded.slnf
    echo "Left out: $left_out (their packages cannot be restored: $package); testing HealthGrains.Embedded.slnf"
  fi
  if ! dotnet build "$target" -c Release --no-restore -v quiet </dev/null >"$work/build.log" 2>&1; then
    cat "$work/build.log"
    echo "test.sh: the build failed; see above" >&2
    exit 1
  fi
else
  # What was left out at the build has no tests here either.
  while read -r project; do
    [ -f "$(dirname "$project")/bin/Release/net10.0/$(basename "$project" .csproj).dll" ] || target=HealthGrains.Embedded.slnf
  done < <(comm -23 <(projects_of_sln) <(projects_of_slnf) | grep '\.Tests\.csproj$')
  [ "$target" = HealthGrains.sln ] || echo "Left out: what only HealthGrains.sln holds (not built); testing HealthGrains.Embedded.slnf"
fi

if [ -z "$jobs" ]; then
  jobs=1
  [ "${HEALTHGRAINS_LONG:-}" = 1 ] || [ "$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)" -lt 2 ] || jobs=2
fi

# Those that take longest come first, so that none of them is left over at the end.
tests_of_target() {
  local projects slow
  projects="$(if [ "$target" = HealthGrains.sln ]; then projects_of_sln; else projects_of_slnf; fi | grep '\.Tests\.csproj$')"
  for slow in Cluster Grains Dashboard Kafka Embedded Silo Cli; do grep "/HealthGrains\.$slow\.Tests\.csproj$" <<<"$projects"; done
  grep -vE '/HealthGrains\.(Cluster|Grains|Dashboard|Kafka|Embedded|Silo|Cli)\.Tests\.csproj$' <<<"$projects"
}

# One project, with a log of its own: what it says is shown when it has ended, and comes together.
run_project() {
  local name child
  name="$(basename "$1" .csproj)"
  local args=(test "$(dirname "$1")/bin/Release/net10.0/$name.dll" --results-directory "$work/results"
              --logger "console;verbosity=minimal" --logger "trx;LogFileName=$name.trx")
  [ -z "$filter" ] || args+=(--filter "$filter")
  dotnet "${args[@]}" </dev/null >"$work/$name.log" 2>&1 &
  child=$!
  trap 'kill "$child"' TERM
  wait "$child"
  echo $? >"$work/$name.code"
}

noise='^(VSTest version|Starting test execution|Results File:|Test run for|A total of|WARNING: Overwriting'
noise="$noise|No test matches|No test is available|Additionally, path to|$)"
broken=""
show_ended() {
  local ended name
  for ended in "$work"/*.code; do
    [ -s "$ended" ] || continue
    name="$(basename "$ended" .code)"
    grep -vE "$noise" "$work/$name.log"
    [ "$(cat "$ended")" = 0 ] || broken="$broken $name"
    rm "$ended"
  done
}

trap 'kill $(jobs -p) 2>/dev/null; wait; exit 130' INT TERM
for project in $(tests_of_target); do
  while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
    wait -n
    show_ended
  done
  run_project "$project" &
done
wait
show_ended
[ -z "$broken" ] && code=0 || code=1

shopt -s nullglob
results=("$work"/results/*.trx)
if [ ${#results[@]} -gt 0 ]; then
  # Skipped tests with their reasons: nobody should have to look for them.
  cat "${results[@]}" | awk '
    /<UnitTestResult / { name = $0; sub(/.* testName="/, "", name); sub(/".*/, "", name)
                         skipped = /outcome="NotExecuted"/; reason = "" }
    skipped && /<(Message|StdOut)>/ { reason = $0; sub(/.*<(Message|StdOut)>/, "", reason); sub(/<\/.*/, "", reason) }
    /<\/UnitTestResult>/ || (/<UnitTestResult / && /\/>/) {
      if (skipped) { gsub(/&quot;/, "\"", reason); gsub(/&lt;/, "<", reason); gsub(/&gt;/, ">", reason); gsub(/&amp;/, "\\&", reason)
                     printf "Skipped: %s: %s\n", name, reason == "" ? "no reason given" : reason }
      skipped = 0 }'
  read -r passed failed skipped < <(cat "${results[@]}" | awk '
    function count(key,   text) { text = $0; if (!sub(".* " key "=\"", "", text)) return 0; sub(/".*/, "", text); return text + 0 }
    /<Counters / { passed += count("passed"); failed += count("failed") + count("error") + count("timeout") + count("aborted") }
    /<UnitTestResult / && /outcome="NotExecuted"/ { skipped++ }
    END { printf "%d %d %d\n", passed, failed, skipped }')
else
  passed=0 failed=0 skipped=0
fi

if [ $((passed + failed)) -eq 0 ]; then
  echo "test.sh: no test ran" >&2
  code=1
elif [ "$failed" -gt 0 ]; then
  code=1
elif [ "$code" -ne 0 ]; then
  echo "test.sh: a test run ended before its tests did:$broken; see above" >&2
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$code" -eq 0 ] || exit 1
