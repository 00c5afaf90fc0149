#pragma once

#include <utility>

#include <aiopyr/runtime/web/request/blank_request.h>

namespace aiopyr {

/// A request's variables and body from plain values. Counts how often the body was read.
class MapEnviron : public BlankEnviron {
 public:
  using BlankEnviron::BlankEnviron;

  std::string_view read_body(std::size_t limit) override {
    ++reads;
    return BlankEnviron::read_body(limit);
  }

  int reads = 0;
};

}  // namespace aiopyr
