#pragma once

#include <string>

#include <aiopyr/aiopyr.h>

namespace jobs {

/// Shows a message on the visitor's next page. The same one is shown once, and texts are short and
/// few, since a session in a cookie has 4 KiB.
inline void flash(aiopyr::Request& request, const std::string& message) {
  request.session().flash(message, "", false);
}

}  // namespace jobs
