#pragma once

#include <string_view>

#include <aiopyr/clients/postgres/values/oid.h>

namespace aiopyr::postgres {

/// The formats of a value's bytes: libpq's format codes.
enum class Format : int { kText = 0, kBinary = 1 };

/// A value of a column as the server sent it, not NULL. A view: it lives no longer than the rows
/// that it was taken from.
struct Value {
  Oid type = 0;
  Format format = Format::kText;
  std::string_view bytes;

  [[nodiscard]] bool is_text() const noexcept { return format == Format::kText; }
};

}  // namespace aiopyr::postgres
