#!/usr/bin/env bash
# SPDX-FileCopyrightText: Lathe contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# packaging/lathe.sh run [ARGS]   install what is missing, build, open the demo project in the window
#                                 (without a display: the same job in the terminal, stage by stage)
# packaging/lathe.sh test [ARGS]  install what is missing, build, run every test (ARGS go to ctest)
# packaging/lathe.sh packages     print the distribution's packages that this needs, and which are missing
#
# Debian 12 and 13, Ubuntu 24.04. LATHE_PRESET chooses the CMake preset (dev), LATHE_DEMO the demo project's folder.
set -euo pipefail

started=$(date +%s)
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
preset=${LATHE_PRESET:-dev}
case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in
zh*) demo_language=zh_CN ;;
*) demo_language=en ;;
esac
build=build/$preset

say() { printf '\033[1m%s\033[0m\n' "$*"; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}
since() { echo "$(($(date +%s) - started)) s"; }

# "package|alternative  why": the first alternative that the distribution has is taken.
build_needs='
g++                              C++20 compiler
cmake                            build system
ninja-build                      build system
ccache                           repeated builds
pkg-config                       finds SentencePiece, libzip, Gumbo, cmark
libtorch-dev                     tensors and training (libtorch)
libopenblas0-openmp              optimised BLAS on the thread pool that libtorch uses
libsentencepiece-dev             SentencePiece tokenizers
libsqlitecpp-dev                 project store
libsqlite3-dev                   project store
nlohmann-json3-dev               JSON
libsimdjson-dev                  fast JSON lines
libicu-dev                       encodings and Unicode
zlib1g-dev                       gz files to import
libzip-dev                       zip archives and Excel workbooks to import
libexpat1-dev                    XML in Excel workbooks
libgumbo-dev                     HTML to text
libcmark-dev                     Markdown to text
libexpected-dev                  results instead of exceptions
libfmt-dev                       text formatting
libxxhash-dev                    content hashes
libgloo-dev                      training on several processes
libcli11-dev                     command line
qt6-base-dev                     the window
qt6-tools-dev                    translations of the window
qt6-tools-dev-tools              translations of the window
qt6-l10n-tools                   translations of the window
libqt6svg6-dev|qt6-svg-dev       icons of the window
libqcustomplot-dev               live plots
libgl-dev                        what Qt Gui links
'
run_needs='
libqt6svg6|libqt6svg6t64         icons
fonts-noto-cjk                   Chinese text on the screen
qt6-translations-l10n            texts of the toolkit in Chinese
'
test_needs='
clang-format                     format check
'

candidate() { apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [^(]'; }
installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

# Fills missing=(...) and prints what each is for.
find_missing() {
    missing=()
    missing_why=()
    local names why name pick
    while read -r names why; do
        [ -n "$names" ] || continue
        if [ "$names" = fonts-noto-cjk ] && command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family 2>/dev/null)" ]; then
            continue
        fi
        pick=
        for name in ${names//|/ }; do
            if installed "$name"; then
                pick=-
                break
            fi
        done
        [ -z "$pick" ] || continue
        missing+=("$names")
        missing_why+=("$why")
    done <<<"$1"
}

install_missing() {
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
        die "this is not Debian or Ubuntu; install what 'packaging/lathe.sh packages' lists by hand, then: cmake --preset $preset && cmake --build --preset $preset"
    find_missing "$1"
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Missing packages, to be installed from the distribution:"
    local i
    for i in "${!missing[@]}"; do
        printf '  %-32s %s\n' "${missing[$i]//|/ or }" "${missing_why[$i]}"
    done
    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "installing needs root or sudo; as root run: packaging/lathe.sh ${command_name}"
        sudo=(sudo)
    fi
    export DEBIAN_FRONTEND=noninteractive
    "${sudo[@]}" apt-get update -q >/dev/null || echo "warning: the package lists could not be refreshed; trying with what is there" >&2
    local picks=() names name found
    for names in "${missing[@]}"; do
        found=
        for name in ${names//|/ }; do
            if candidate "$name"; then
                found=$name
                break
            fi
        done
        [ -n "$found" ] || die "this distribution has no package ${names//|/ or }; Lathe needs Debian 12, Debian 13 or Ubuntu 24.04"
        picks+=("$found")
    done
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${picks[@]}" >"${TMPDIR:-/tmp}/lathe-install-$$.log" 2>&1 || {
        tail -n 20 "${TMPDIR:-/tmp}/lathe-install-$$.log" >&2
        die "the packages could not be installed; what the package manager said is above"
    }
    rm -f "${TMPDIR:-/tmp}/lathe-install-$$.log"
    say "Packages ready after $(since)"
}

configure() {
    export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
    if [ ! -f "$build/build.ninja" ]; then
        cmake --preset "$preset" >"${TMPDIR:-/tmp}/lathe-configure-$$.log" 2>&1 || {
            tail -n 40 "${TMPDIR:-/tmp}/lathe-configure-$$.log" >&2
            die "CMake could not configure the build; what it said is above"
        }
        rm -f "${TMPDIR:-/tmp}/lathe-configure-$$.log"
    fi
}

run_window() {
    local demo=$1
    shift
    [ -d "$demo" ] || "$build/bin/lathe-cli" new "$demo" --demo --lang "$demo_language"
    say "Ready after $(since); opening the window"
    exec "$build/bin/lathe" --startup-time --project "$demo" "$@"
}

# The same way through the program without a window: each stage with its result.
run_headless() {
    local demo=$1 cli=$build/bin/lathe-cli
    say "No display: the demo in the terminal (ready after $(since))"
    if [ ! -d "$demo" ]; then
        say "1. A project: questions to a bank, in Chinese and English"
        "$cli" new "$demo" --demo --lang "$demo_language"
    fi
    say "2. What is in it"
    "$cli" stats "$demo"
    say "3. Train the n-gram classifier on the labels"
    "$cli" train "$demo" --model ngram
    local run
    run=$("$cli" runs "$demo" --json | sed -n 's/.*"id": *"\([^"]*ngram[^"]*\)".*/\1/p' | head -n 1)
    say "4. Judge it on the dev part"
    "$cli" evaluate "$demo:$run" "$demo" --split dev
    say "5. Ask it"
    printf '%s\n' "I left my card in a taxi last night, please block it" "我的信用卡额度能不能临时调高一点？" | "$cli" predict "$demo:$run" - --top 3
    say "6. Teach a small fresh model to answer, then ask it"
    "$cli" train "$demo" --model fresh-decoder ${LATHE_DEMO_TRAIN_ARGS:-}
    run=$("$cli" runs "$demo" --json | sed -n 's/.*"id": *"\([^"]*decoder[^"]*\)".*/\1/p' | head -n 1)
    printf '%s\n' "How long does a new card take to arrive?" "卡丢了怎么办？" | "$cli" chat "$demo:$run"
    say "Done after $(since). With a display this opens the window: packaging/lathe.sh run"
}

command_name=${1:-}
[ $# -eq 0 ] || shift
case $command_name in
run)
    install_missing "$build_needs$run_needs"
    configure
    cmake --build "$build" --target lathe lathe-cli
    say "Built after $(since)"
    demo=${LATHE_DEMO:-${XDG_DATA_HOME:-$HOME/.local/share}/lathe/Harbour-Bank.lathe}
    mkdir -p "$(dirname "$demo")"
    if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
        run_window "$demo" "$@"
    else
        run_headless "$demo"
    fi
    ;;
test)
    install_missing "$build_needs$run_needs$test_needs"
    configure
    cmake --build "$build"
    say "Built after $(since)"
    ctest --test-dir "$build" --output-on-failure --no-tests=error "$@"
    say "Tests done after $(since)"
    ;;
packages)
    find_missing "$build_needs$run_needs$test_needs"
    echo "needed:"
    sed '/^$/d; s/^/  /' <<<"$build_needs$run_needs$test_needs"
    echo "missing: ${missing[*]:-none}"
    ;;
*)
    sed -n '5,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit 2
    ;;
esac
