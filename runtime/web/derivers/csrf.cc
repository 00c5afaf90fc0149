#include <algorithm>
#include <memory>

#include <aiopyr/runtime/web/derivers/csrf.h>
#include <aiopyr/runtime/web/http/error_page.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr {
namespace {

constexpr std::string_view kTokenTitle = "Bad CSRF Token";
constexpr std::string_view kTokenExplanation =
    "Access is denied. This server can not verify that your cross-site request forgery token "
    "belongs to your login session. Either you supplied the wrong token or your session no longer "
    "exists. This may be due to session timeout or because the browser does not send its cookies, "
    "as can happen when they are turned off.";

constexpr std::string_view kOriginTitle = "Bad CSRF Origin";
constexpr std::string_view kOriginExplanation =
    "Access is denied. This server can not verify that the origin or referrer of your request "
    "matches the current site. Either your browser supplied the wrong Origin or Referer or it did "
    "not supply one at all.";

std::shared_ptr<const detail::ErrorPage> with_words(detail::ErrorPage page, std::string_view title,
                                                    std::string_view explanation) {
  page.title = title;
  page.explanation = explanation;
  return std::make_shared<const detail::ErrorPage>(std::move(page));
}

bool fail(bool raises) {
  if (raises) throw BadCSRFToken("check_csrf_token(): Invalid token");
  return false;
}

}  // namespace

BadCSRFToken::BadCSRFToken(std::string what) : HTTPBadRequest(std::move(what)) {
  set_status(kCode, kTokenTitle);
  set_error_page(with_words(*error_page(), kTokenTitle, kTokenExplanation));
}

BadCSRFOrigin::BadCSRFOrigin(std::string what) : HTTPBadRequest(std::move(what)) {
  set_status(kCode, kOriginTitle);
  set_error_page(with_words(*error_page(), kOriginTitle, kOriginExplanation));
}

std::string get_csrf_token(Request& request) {
  return request.registry().security.csrf_storage_policy->get_csrf_token(request);
}

std::string new_csrf_token(Request& request) {
  return request.registry().security.csrf_storage_policy->new_csrf_token(request);
}

bool check_csrf_token(Request& request, const CheckCSRFTokenOptions& options) {
  // Looks at the header first: it costs less than reading a form.
  std::string token;
  if (!options.header.empty()) token = request.header(options.header);
  if (token.empty() && !options.token.empty()) token = request.POST().get(options.token, "");
  const CSRFStoragePolicy& policy = *request.registry().security.csrf_storage_policy;
  return policy.check_csrf_token(request, token) || fail(options.raises);
}

std::optional<CSRFOptions> detail::csrf_options_of(const Registry& registry,
                                                   std::optional<bool> require_csrf,
                                                   bool is_exception_view) {
  const auto& defaults = registry.security.default_csrf_options;
  const bool by_default = defaults && defaults->require_csrf && !is_exception_view;
  CSRFOptions options = defaults.value_or(CSRFOptions());
  const bool is_checkable = !options.token.empty() || !options.header.empty();
  if (!require_csrf.value_or(by_default) || !is_checkable) return std::nullopt;
  return options;
}

void detail::check_csrf(Request& request, const CSRFOptions& options) {
  const auto& safe = options.safe_methods;
  if (std::find(safe.begin(), safe.end(), request.method()) != safe.end()) return;
  if (options.callback && !options.callback(request)) return;
  if (options.check_origin) {
    check_csrf_origin(request, {.allow_no_origin = options.allow_no_origin});
  }
  check_csrf_token(request, {.token = options.token, .header = options.header});
}

}  // namespace aiopyr
