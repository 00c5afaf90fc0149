#pragma once

#include <cstddef>
#include <string>

#include <aiopyr/runtime/web/registry/registry.h>

namespace aiopyr::websocket {

/// One app's class-wide defaults of both mappers.
struct MapperDefaults {
  bool use_bytes;
  std::size_t max_size;
  std::string origins;
  double ping_interval;
  double ping_timeout;
  bool use_str;

  bool operator==(const MapperDefaults&) const = default;
};

/// Returns the app's own values or, if it has set none, the current ones.
[[nodiscard]] MapperDefaults defaults_of(const Registry& app);

}  // namespace aiopyr::websocket
