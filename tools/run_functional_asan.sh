#!/bin/bash
# run_functional_asan.sh [FILTER]: runs the functional tests that start a server with the sanitized
# plugin and apps of build/asan, in a tree of links that has the same paths as this one.
set -euo pipefail

root=$PWD
tree=$root/build/asan/tree
# Skips tests that build, install or describe things, drive a browser, measure memory, preload a library
# of their own, or crash on purpose: they run no code of ours that the others do not run. The test that
# uses up all descriptors cannot run: UBSan makes a pipe to look at memory, and without one it reports
# errors everywhere. Apps with clients that the tests compile themselves are not sanitized either: those of
# tools/clients.mk and examples/bench are.
left_out='bench_driver|build_plugin|compiler|compiler_matrix|wrong_programs|install|readme|tools|browser|websocket_memory|faulty_calls|vanishing_everywhere|clock_jumps|worker_death|descriptors|pipelining_writes|header_writes'
left_out+='|jobs_demo|client_floor|request_transactions|postgres_(values|migrations|server)|redis_sessions'

make_tree() {
  rm -rf "$tree"
  mkdir -p "$tree/tests"
  ln -s "$root/include" "$root/examples" "$root/tools" "$root/bench" "$tree/"
  ln -s "$root/build/asan" "$tree/build"
  ln -sfn "$root/build/uwsgi" "$root/build/asan/uwsgi"
  # These apps serve tests of the plugin; they are not sanitized themselves.
  mkdir -p "$root/build/asan/tests"
  ln -sf "$root"/build/tests/{pyramid_twin,registering_app,telling_app}.so "$root/build/asan/tests/"
  # It makes the job board's tables.
  ln -sf "$root/build/aiopyr-migrate" "$root/build/asan/"
  # The servers that examples/bench is compared with, and asks.
  ln -sfn "$root/build/bench" "$root/build/asan/bench"
  cp -R configs "$tree/"
  cp -R tests/functional tests/conformance tests/support "$tree/tests/"
  find "$tree/tests/functional" -name 'test_*.py' | grep -E "/test_($left_out)\.py$" | xargs rm
}

# Preloads the libraries, since uWSGI itself is not sanitized.
make_uwsgi() {
  local libraries
  libraries="$(g++ -print-file-name=libasan.so) $(g++ -print-file-name=libubsan.so)"
  cat > "$tree/uwsgi" <<EOF
#!/bin/sh
LD_PRELOAD="$libraries" exec ${UWSGI:-uwsgi} "\$@"
EOF
  chmod +x "$tree/uwsgi"
}

make_tree
make_uwsgi
# Does not report leaks: uWSGI exits from a signal handler, with requests on fibers and in shared memory,
# where the sanitizer does not look for pointers.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0:suppressions=$root/tools/asan.supp}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
export AIOPYR_TEST_PATIENCE=${AIOPYR_TEST_PATIENCE:-3}
# Three modules at a time for two cores: sanitized servers compute more than they wait.
UWSGI=$tree/uwsgi exec /usr/bin/python3 tools/run_tests.py --jobs "$(($(nproc) * 3 / 2))" \
  --functional "$tree/tests/functional" --functional "$tree/tests/conformance" \
  --filter "${1:-}"
