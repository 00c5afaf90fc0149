#pragma once

#include <cstddef>
#include <string>

#include <aiopyr/runtime/web/registry/registry.h>

namespace aiopyr::websocket {

/// The class-wide defaults of both mappers, as one app has them.
struct MapperDefaults {
  bool use_bytes;
  std::size_t max_size;
  std::string origins;
  double ping_interval;
  double ping_timeout;
  bool use_str;

  bool operator==(const MapperDefaults&) const = default;
};

/// Returns what the app's function has set, or, where it has set nothing, the values of now.
[[nodiscard]] MapperDefaults defaults_of(const Registry& app);

}  // namespace aiopyr::websocket
