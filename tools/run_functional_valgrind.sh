#!/bin/bash
# run_functional_valgrind.sh [FILTER]: runs functional tests with a uWSGI under valgrind's memcheck, and
# fails if an error or a leak has our code on its stack. The default filters select the tests that run most
# of the code in one server, and each client in one.
set -euo pipefail

filters=(${1:-test_features test_client_apps})
logs=$PWD/build/valgrind
rm -rf "$logs"
mkdir -p "$logs"

# Memory that an app or uWSGI keeps to a worker's end is still reachable, which is not an error.
cat > "$logs/uwsgi" <<EOF
#!/bin/sh
exec valgrind --quiet --child-silent-after-fork=no --leak-check=full --show-leak-kinds=definite \\
  --num-callers=30 --log-file=$logs/%p.log ${UWSGI:-uwsgi} "\$@"
EOF
chmod +x "$logs/uwsgi"

export AIOPYR_TEST_PATIENCE=${AIOPYR_TEST_PATIENCE:-20}
failed=0
for filter in "${filters[@]}"; do
  UWSGI=$logs/uwsgi /usr/bin/python3 tools/run_tests.py --functional tests/functional --filter "$filter" ||
    failed=1
done

# An error is a paragraph; errors without our code on the stack are those of uWSGI or of libraries.
if awk 'BEGIN { RS = "==[0-9]+== *\n" } /aiopyr/ { print FILENAME ": " $0; found = 1 } END { exit !found }' \
    "$logs"/*.log; then
  echo "valgrind has found errors: see above" >&2
  failed=1
fi
exit $failed
