#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

struct wsgi_request;

namespace aiopyr::plugin {

/// Finds a request's variables by their names: an app asks for a dozen of them, mostly for missing
/// ones. Built on the first call, and extended if uWSGI or a route has added some since. Of several
/// with the same name the last counts.
class VariableIndex {
 public:
  explicit VariableIndex(const wsgi_request& request) noexcept : request_(request) {}

  /// Returns the value; data() is null if there is no such variable, and only then.
  [[nodiscard]] std::string_view find(std::string_view name) noexcept;

 private:
  /// The size of the index: more than uWSGI accepts unless `max-vars` is raised; the rest is
  /// searched linearly.
  static constexpr std::size_t kMostVariables = 64;
  static constexpr std::uint8_t kNone = 0xFF;

  void catch_up(std::size_t count) noexcept;

  const wsgi_request& request_;
  std::size_t known_ = 0;
  std::array<std::uint8_t, 64> last_{};                // by hash; valid once known_ > 0
  std::array<std::uint8_t, kMostVariables> before_{};  // the one before with the same hash
};

}  // namespace aiopyr::plugin
