#include <algorithm>
#include <set>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/predicates.h>
#include <aiopyr/runtime/web/request.h>
#include <aiopyr/runtime/web/view_arguments.h>

namespace aiopyr {

namespace {

// Methods are case-sensitive (RFC 9110 section 9.1), and so far all are in capitals: `get` is a
// slip.
void require_method_name(const std::string& method) {
  const bool is_name = !method.empty() && std::all_of(method.begin(), method.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || c == '-';
  });
  if (!is_name) {
    throw ConfigurationError("'" + method +
                             "' is no request method: they are written in capitals, as GET");
  }
}

}  // namespace

bool all_match(const Predicates& predicates, const Resource* context, Request& request) {
  return std::all_of(predicates.begin(), predicates.end(), [&](const Predicate& predicate) {
    return predicate.matches(context, request);
  });
}

std::string text_of(const Predicates& predicates) {
  std::string text;
  for (const Predicate& predicate : predicates) text += predicate.text + ';';
  return text;
}

Predicate request_method_predicate(const StringList& methods) {
  std::set<std::string, std::less<>> allowed;
  for (const std::string& method : methods.values()) {
    require_method_name(method);
    allowed.insert(method);
  }
  if (allowed.contains("GET")) allowed.insert("HEAD");
  std::string text = "request_method =";
  for (const std::string& method : allowed) text += ' ' + method;
  return {std::move(text), [allowed = std::move(allowed)](const Resource*, Request& request) {
            return allowed.contains(request.method());
          }};
}

Predicates make_predicates(const StringList& request_method) {
  if (request_method.empty()) return {};
  return {request_method_predicate(request_method)};
}

namespace detail {

void throw_context_mismatch(const std::type_info& expected, const Resource& context) {
  throw PredicateMismatch("The view is for a context of the class " + type_name(expected) +
                          ", and this is a " + type_name(typeid(context)) + ".");
}

}  // namespace detail

}  // namespace aiopyr
