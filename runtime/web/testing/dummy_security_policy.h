#pragma once

#include <any>
#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/runtime/web/context/security.h>
#include <aiopyr/runtime/web/http/headers.h>

namespace aiopyr::testing {

/// The answers of a DummySecurityPolicy.
struct DummySecurityOptions {
  std::optional<std::string> userid{};
  Identity identity{};
  bool permissive = true;  ///< everything is allowed, or nothing
  Headers remember_result{};
  Headers forget_result{};
};

/// A policy that answers by its options, and records its calls
/// (pyramid.testing.DummySecurityPolicy). For the requests of one thread.
class DummySecurityPolicy final : public SecurityPolicy {
 public:
  explicit DummySecurityPolicy(DummySecurityOptions options = {});

  [[nodiscard]] Identity identity(Request& request) const override;
  [[nodiscard]] std::optional<std::string> authenticated_userid(Request& request) const override;
  [[nodiscard]] PermitsResult permits(Request& request, Resource* context,
                                      std::string_view permission) const override;
  [[nodiscard]] Headers remember(Request& request, const std::string& userid,
                                 const RememberOptions& options) const override;
  [[nodiscard]] Headers forget(Request& request) const override;

  /// Returns the userid of the last call of remember().
  [[nodiscard]] const std::optional<std::string>& remembered() const noexcept {
    return remembered_;
  }
  [[nodiscard]] bool forgotten() const noexcept { return forgotten_; }

 private:
  DummySecurityOptions options_;
  mutable std::optional<std::string> remembered_;
  mutable bool forgotten_ = false;
};

}  // namespace aiopyr::testing
