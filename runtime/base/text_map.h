#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace aiopyr::detail {

struct HashText {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>()(text);
  }
};

/// An unordered map from texts to values, in which any kind of string can be looked up.
template <class T>
using TextMap = std::unordered_map<std::string, T, HashText, std::equal_to<>>;

}  // namespace aiopyr::detail
