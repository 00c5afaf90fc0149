#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

struct wsgi_request;

namespace aiopyr::plugin {

/// Finds a request's variables by their names: an app asks for a dozen of them, mostly for such as
/// are not there. Made with the first question, and continued where uWSGI or a route has added some
/// since. Of those with the same name the last counts.
class VariableIndex {
 public:
  explicit VariableIndex(const wsgi_request& request) noexcept : request_(request) {}

  /// The value; null where there is no such variable, else never.
  [[nodiscard]] std::string_view find(std::string_view name) noexcept;

 private:
  /// More than uWSGI takes unless `max-vars` is raised; the rest is searched one by one.
  static constexpr std::size_t kMostVariables = 64;
  static constexpr std::uint8_t kNone = 0xFF;

  void catch_up(std::size_t count) noexcept;

  const wsgi_request& request_;
  std::size_t known_ = 0;
  std::array<std::uint8_t, 64> last_{};  // of those with a hash; valid once known_ > 0
  std::array<std::uint8_t, kMostVariables> before_{};  // the one before with the same hash
};

}  // namespace aiopyr::plugin
