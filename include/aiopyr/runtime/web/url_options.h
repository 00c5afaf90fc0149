#pragma once

#include <aiopyr/runtime/web/url/url_options.h>  // IWYU pragma: export
