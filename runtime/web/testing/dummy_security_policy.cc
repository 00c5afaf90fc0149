#include <utility>

#include <aiopyr/runtime/web/testing/dummy_security_policy.h>

namespace aiopyr::testing {

DummySecurityPolicy::DummySecurityPolicy(DummySecurityOptions options)
    : options_(std::move(options)) {}

Identity DummySecurityPolicy::identity(Request&) const { return options_.identity; }

std::optional<std::string> DummySecurityPolicy::authenticated_userid(Request&) const {
  return options_.userid;
}

PermitsResult DummySecurityPolicy::permits(Request&, Resource*, std::string_view) const {
  if (options_.permissive) return Allowed("the test's policy allows everything");
  return Denied("the test's policy denies everything");
}

Headers DummySecurityPolicy::remember(Request&, const std::string& userid,
                                      const RememberOptions&) const {
  remembered_ = userid;
  return options_.remember_result;
}

Headers DummySecurityPolicy::forget(Request&) const {
  forgotten_ = true;
  return options_.forget_result;
}

}  // namespace aiopyr::testing
