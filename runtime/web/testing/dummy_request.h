#pragma once

#include <any>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/request/blank_request.h>
#include <aiopyr/runtime/web/testing/test_config.h>

namespace aiopyr::testing {

/// The contents of a DummyRequest; all are optional.
struct DummyRequestOptions {
  MultiDict params{};               ///< the query
  std::optional<MultiDict> post{};  ///< a form; makes the method POST
  std::optional<Json> json{};       ///< the body
  Headers headers{};
  Cookies cookies{};
  std::string path = "/";
  std::string method{};
  std::vector<MultiDict::Item> matchdict{};
  std::map<std::string, std::any, std::less<>> attributes{};
  Resource* context = nullptr;
};

/// A request for a test that calls a view directly (pyramid.testing.DummyRequest). It is a real
/// Request to http://example.com, for the registry of the current TestConfig, so a view gets the
/// same as when it is served; only no route has been matched.
///
///     DummyRequest request({.params = {{"q", "cat"}}, .matchdict = {{"id", "3"}}});
///     Json found = testing::run_until_complete(search(request));
class DummyRequest : public BlankRequest {
 public:
  explicit DummyRequest(DummyRequestOptions options = {})
      : DummyRequest(TestConfig::current_registry(), std::move(options)) {}
  DummyRequest(const Registry& registry, DummyRequestOptions options);
};

}  // namespace aiopyr::testing
