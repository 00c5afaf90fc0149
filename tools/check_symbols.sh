#!/bin/bash
# check_symbols.sh LIBRARY [PROVIDER...]: fails if LIBRARY leaves a symbol open that neither the uwsgi
# binary, nor a library it is linked with, nor a PROVIDER has. The linker cannot tell, since uWSGI's
# symbols are open on purpose, and uWSGI does not say why it could not load a plugin.
set -euo pipefail

library=$1
shift

defined() {
  nm -D --defined-only "$@" | awk 'NF > 1 { sub(/@.*/, "", $NF); print $NF }'
}

missing=$(comm -23 \
  <(ldd -r "$library" 2>&1 | sed -nE 's/^undefined symbol: ([^[:space:],]+).*/\1/p' | sort -u) \
  <(defined "$(command -v "${UWSGI:-uwsgi}")" "$@" | sort -u))
[[ -z $missing ]] && exit 0

echo "$library: no definition of these, so it cannot be loaded:" >&2
c++filt <<<"$missing" | sed 's/^/  /' >&2
exit 1
