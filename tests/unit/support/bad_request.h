#pragma once

#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/http/httpexceptions.h>

namespace aiopyr {

/// Returns the detail of the HTTPBadRequest that `f` has to throw.
template <typename F>
std::string bad_request_of(F f) {
  try {
    f();
  } catch (const HTTPBadRequest& error) {
    return error.detail();
  }
  FAIL("no HTTPBadRequest was thrown");
  return {};
}

}  // namespace aiopyr
