#!/bin/bash
# Builds this tree with clang++-19, plugin and tests, in a copy below build/clang, and runs the unit
# tests and those functional tests that FILTER= names: by default the matrix of compilers. This
# checks that a plugin made by clang serves apps of every compiler.
#
# The copy and its build are kept for the next time.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly compiler=clang++-19
readonly copy=$PWD/build/clang
readonly jobs=${JOBS:-$(nproc)}

. tools/copy_tree.sh
copy_tree "$copy"
cd "$copy"
export MAKEFLAGS=
make "CXX=$compiler" "-j$jobs" all build/tests/unit test-programs
/usr/bin/python3 tools/run_tests.py --unit build/tests/unit
exec /usr/bin/python3 tools/run_tests.py --jobs "$jobs" --functional tests/functional \
  --filter "${FILTER:-compiler_matrix}"
