#include <aiopyr/runtime/web/testing/dummy_request.h>
#include <aiopyr/runtime/web/url/url.h>

namespace aiopyr::testing {

namespace {

std::string url_of(const DummyRequestOptions& options) {
  std::string url = url_quote(options.path, kPathSafe);
  if (!options.params.empty()) url += "?" + url_encode(options.params);
  return url;
}

BlankOptions blank_options(const DummyRequestOptions& options) {
  BlankOptions blank;
  blank.method = options.method;
  blank.headers = options.headers;
  blank.post = options.post;
  blank.json = options.json;
  blank.base_url = "http://example.com";
  for (const auto& [name, value] : options.cookies) {
    blank.headers.add("Cookie", make_cookie(name, value, {.path = {}}));
  }
  return blank;
}

}  // namespace

DummyRequest::DummyRequest(const Registry& registry, DummyRequestOptions options)
    : BlankRequest(url_of(options), blank_options(options), registry) {
  for (auto& [name, value] : options.matchdict) matchdict().set(std::move(name), std::move(value));
  attributes() = std::move(options.attributes);
  set_context(options.context);
}

}  // namespace aiopyr::testing
