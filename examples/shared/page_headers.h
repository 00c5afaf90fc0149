#pragma once

#include <aiopyr/aiopyr.h>

namespace shared {

/// Adds the headers that keep a browser from doing what plain pages never need: scripts, frames,
/// foreign content, guesses of types. A subscriber.
void add_page_headers(const aiopyr::NewResponse& event);

}  // namespace shared
