#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/join.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/utf8.h>
#include <aiopyr/runtime/web/http/accept.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/routing/path_regex.h>
#include <aiopyr/runtime/web/routing/predicate_names.h>
#include <aiopyr/runtime/web/routing/predicates.h>
#include <aiopyr/runtime/web/traversal/traversal.h>
#include <aiopyr/runtime/web/url/path_segments.h>

namespace aiopyr {

namespace {

// Refuses a method with small letters: methods are case-sensitive (RFC 9110 section 9.1), and all
// known ones are in capitals, so `get` is a mistake.
void require_method_name(const std::string& method) {
  const bool is_name = !method.empty() && std::all_of(method.begin(), method.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || c == '-';
  });
  if (!is_name) {
    throw ConfigurationError("'" + method +
                             "' is no request method: they are written in capitals, as GET");
  }
}

using Matches = decltype(Predicate::matches);

Predicate make_predicate(PredicateQuestion question, Matches matches) {
  std::string text = question.text();
  return {std::move(text), std::move(matches), std::move(question)};
}

/// Makes a predicate without values, which has to match or not to match.
Predicate make_predicate(std::string_view name, bool value, Matches matches) {
  return make_predicate({.name = std::string(name), .is_refused = !value}, std::move(matches));
}

Predicate make_predicate(std::string_view name, const std::vector<std::string>& values,
                         Matches matches) {
  const std::set<std::string> sorted(values.begin(), values.end());
  return make_predicate({.name = std::string(name), .values = {sorted.begin(), sorted.end()}},
                        std::move(matches));
}

/// A `name=value`, or a name alone.
struct NameAndValue {
  std::string name;
  std::optional<std::string> value;
};

NameAndValue split_at_equals(const std::string& text) {
  const auto equals = text.find('=', text.starts_with('=') ? 1 : 0);
  if (equals == std::string::npos) return {text, std::nullopt};
  return {std::string(trim_whitespace(text.substr(0, equals))),
          std::string(trim_whitespace(text.substr(equals + 1)))};
}

std::shared_ptr<const detail::PathRegex> compile(const std::string& regex) {
  try {
    return std::make_shared<const detail::PathRegex>(regex);
  } catch (const detail::RegexError& error) {
    throw ConfigurationError("the regular expression '" + regex + "' is wrong at character " +
                             std::to_string(error.at() + 1) + ": " + error.what());
  }
}

struct HeaderTest {
  std::string name;
  std::shared_ptr<const detail::PathRegex> regex;  // null: any value matches

  [[nodiscard]] bool operator()(const Request& request) const {
    const std::string_view value = request.header(name);
    if (value.data() == nullptr) return false;
    if (!regex) return true;
    // Headers are bytes; Python too reads them as ISO-8859-1.
    return regex->match(find_utf8_error(value) ? latin1_to_utf8(value) : std::string(value))
        .has_value();
  }
};

HeaderTest parse_header_test(const std::string& text) {
  const auto colon = text.find(':');
  HeaderTest test{text.substr(0, colon), nullptr};
  if (!is_http_token(test.name)) {
    throw ConfigurationError("'" + test.name + "' is no header's name");
  }
  if (colon != std::string::npos) test.regex = compile(text.substr(colon + 1));
  return test;
}

}  // namespace

bool all_match(const Predicates& predicates, const Resource* context, Request& request) {
  return std::all_of(predicates.begin(), predicates.end(), [&](const Predicate& predicate) {
    return predicate.matches(context, request);
  });
}

std::string PredicateQuestion::text() const {
  const std::string asked = (is_refused ? "not " : "") + name;
  return values.empty() ? asked : asked + " " + join(values, ",");
}

Predicate negated(Predicate predicate) {
  predicate.matches = [matches = std::move(predicate.matches)](const Resource* context,
                                                               Request& request) {
    return !matches(context, request);
  };
  if (predicate.question.name.empty()) {
    predicate.text = "not " + predicate.text;
  } else {
    predicate.question.is_refused = !predicate.question.is_refused;
    predicate.text = predicate.question.text();
  }
  return predicate;
}

Predicate xhr_predicate(bool value) {
  return make_predicate(predicate_name::kXhr, value, [value](const Resource*, Request& request) {
    return request.is_xhr() == value;
  });
}

Predicate request_method_predicate(const StringList& methods) {
  std::set<std::string, std::less<>> allowed;
  for (const std::string& method : methods.values()) {
    require_method_name(method);
    allowed.insert(method);
  }
  if (allowed.contains("GET")) allowed.insert("HEAD");
  const std::vector<std::string> methods_and_head(allowed.begin(), allowed.end());
  return make_predicate(predicate_name::kRequestMethod, methods_and_head,
                        [allowed = std::move(allowed)](const Resource*, Request& request) {
                          return allowed.contains(request.method());
                        });
}

Predicate path_info_predicate(const std::string& regex) {
  return make_predicate(predicate_name::kPathInfo, {regex},
                        [compiled = compile(regex)](const Resource*, Request& request) {
                          return compiled->match(request.path_info()).has_value();
                        });
}

Predicate request_param_predicate(const StringList& parameters) {
  std::vector<NameAndValue> wanted;
  for (const std::string& text : parameters.values()) wanted.push_back(split_at_equals(text));
  return make_predicate(predicate_name::kRequestParam, parameters.values(),
                        [wanted = std::move(wanted)](const Resource*, Request& request) {
                          return std::all_of(
                              wanted.begin(), wanted.end(), [&](const NameAndValue& one) {
                                const std::string* actual = request.params().find(one.name);
                                return actual != nullptr && (!one.value || *actual == *one.value);
                              });
                        });
}

Predicate header_predicate(const StringList& headers) {
  std::vector<HeaderTest> tests;
  for (const std::string& text : headers.values()) tests.push_back(parse_header_test(text));
  return make_predicate(predicate_name::kHeader, headers.values(),
                        [tests = std::move(tests)](const Resource*, Request& request) {
                          return std::all_of(tests.begin(), tests.end(),
                                             [&](const HeaderTest& test) { return test(request); });
                        });
}

Predicate accept_predicate(const StringList& media_types) {
  for (const std::string& type : media_types.values()) {
    const auto slash = type.find('/');
    if (slash == std::string::npos ||
        type.substr(0, type.find(';')).find('*') != std::string::npos) {
      throw ConfigurationError("'" + type + "' is no media type to offer: write one as text/html");
    }
  }
  return make_predicate(predicate_name::kAccept, media_types.values(),
                        [types = media_types.values()](const Resource*, Request& request) {
                          const std::vector<std::string_view> offers(types.begin(), types.end());
                          return !acceptable_offers(request.header("Accept"), offers).empty();
                        });
}

Predicate containment_predicate(const ContextType& type) {
  if (!type || type.is_exception()) throw ConfigurationError("containment names no resource class");
  return make_predicate(
      predicate_name::kContainment, {type.name()}, [type](const Resource* context, Request&) {
        if (context == nullptr) return false;
        const auto line = lineage(*context);
        return std::any_of(line.begin(), line.end(),
                           [&type](const auto& place) { return type.is_class_of(*place); });
      });
}

Predicate match_param_predicate(const StringList& parameters) {
  std::vector<NameAndValue> wanted;
  for (const std::string& text : parameters.values()) {
    wanted.push_back(split_at_equals(text));
    if (!wanted.back().value) {
      throw ConfigurationError("match_param asks for name=value, and '" + text + "' has no value");
    }
  }
  return make_predicate(
      predicate_name::kMatchParam, parameters.values(),
      [wanted = std::move(wanted)](const Resource*, Request& request) {
        const MatchDict& matchdict = request.matchdict();
        return std::all_of(wanted.begin(), wanted.end(), [&](const NameAndValue& one) {
          return matchdict.contains(one.name) && matchdict[one.name] == *one.value;
        });
      });
}

Predicate is_authenticated_predicate(bool value) {
  return make_predicate(predicate_name::kIsAuthenticated, value,
                        [value](const Resource*, Request& request) {
                          return request.is_authenticated().get() == value;
                        });
}

Predicate effective_principals_predicate(const StringList& principals) {
  return make_predicate(predicate_name::kEffectivePrincipals, principals.values(),
                        [wanted = principals.values()](const Resource*, Request& request) {
                          const Principals actual = request.effective_principals().get();
                          return std::all_of(
                              wanted.begin(), wanted.end(), [&](const std::string& one) {
                                return std::find(actual.begin(), actual.end(), one) != actual.end();
                              });
                        });
}

Predicate physical_path_predicate(const std::string& path) {
  std::vector<std::string> wanted = split_path_info(path);
  return make_predicate(predicate_name::kPhysicalPath, {path},
                        [wanted = std::move(wanted)](const Resource* context, Request&) {
                          if (context == nullptr) return false;
                          // Skips the first name: the root may have any.
                          const auto place = resource_path_tuple(*context);
                          return std::equal(place.begin() + 1, place.end(), wanted.begin(),
                                            wanted.end());
                        });
}

}  // namespace aiopyr
