#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: tests/fuzz/run.sh [SECONDS [TARGET...]]   runs each target (all of them when none is named) that long, one after
# the other. What was found earlier is kept below build/fuzz/corpus and begun with; a finding's input lies in
# build/fuzz/findings. Ends with an error if a target found something.
set -u
cd "$(dirname "$0")/../.." || exit 1
seconds=${1:-60}
[ $# -gt 0 ] && shift
build=build/fuzz
[ $# -gt 0 ] || set -- $(cd $build/bin && ls fuzz_* 2>/dev/null)
[ $# -gt 0 ] || { echo "build first: cmake --preset fuzz && cmake --build --preset fuzz"; exit 1; }
mkdir -p $build/findings
status=0
for target in "$@"; do
    corpus=$build/corpus/$target
    mkdir -p "$corpus"
    # One allocation of more than 16 MB for at most 100 000 bytes of input is a finding, as is 2 GB in all.
    nice -n 15 "$build/bin/$target" -max_total_time="$seconds" -max_len=100000 -malloc_limit_mb=16 -rss_limit_mb=2048 \
        -timeout=20 -print_final_stats=1 -artifact_prefix="$build/findings/$target-" \
        "$corpus" "tests/fuzz/seeds/$target" > "$build/findings/$target.log" 2>&1
    code=$?
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/findings/$target.log")
    peak=$(sed -n 's/^stat::peak_rss_mb: *//p' "$build/findings/$target.log")
    if [ $code -eq 0 ]; then
        echo "$target: ${runs:-0} runs in $seconds s, peak ${peak:-?} MB, nothing found"
    else
        echo "$target: FOUND SOMETHING after ${runs:-0} runs, see $build/findings/$target.log"
        status=1
    fi
done
exit $status
