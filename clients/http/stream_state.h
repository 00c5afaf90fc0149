#pragma once

#include <memory>
#include <utility>

#include <aiopyr/clients/http/core.h>

namespace aiopyr::http {

/// The source that a stream reads from; a read that waits keeps it while the stream is moved or
/// destroyed.
struct StreamState {
  explicit StreamState(std::unique_ptr<Running> started) noexcept : running(std::move(started)) {}

  std::unique_ptr<Running> running;
};

}  // namespace aiopyr::http
