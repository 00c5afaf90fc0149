#pragma once

#include <aiopyr/runtime/web/introspection/prometheus.h>  // IWYU pragma: export
