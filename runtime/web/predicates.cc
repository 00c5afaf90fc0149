#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/join.h>
#include <aiopyr/runtime/web/accept.h>
#include <aiopyr/runtime/web/ascii.h>
#include <aiopyr/runtime/web/path_regex.h>
#include <aiopyr/runtime/web/path_segments.h>
#include <aiopyr/runtime/web/predicates.h>
#include <aiopyr/runtime/web/request.h>
#include <aiopyr/runtime/web/traversal.h>
#include <aiopyr/runtime/web/utf8.h>

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

/// In one spelling, whatever their order.
std::string joined(const std::vector<std::string>& values) {
  return join(std::set<std::string>(values.begin(), values.end()), ",");
}

/// `name=value`, or a name alone.
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
  std::shared_ptr<const detail::PathRegex> regex;  // null: that it is there is enough

  [[nodiscard]] bool operator()(const Request& request) const {
    const std::string_view value = request.header(name);
    if (value.data() == nullptr) return false;
    if (!regex) return true;
    // Headers are bytes; Python reads them as ISO-8859-1 too.
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

Predicate negated(Predicate predicate) {
  return {"not " + predicate.text,
          [matches = std::move(predicate.matches)](const Resource* context, Request& request) {
            return !matches(context, request);
          }};
}

Predicate xhr_predicate(bool value) {
  return {value ? "xhr" : "not xhr",
          [value](const Resource*, Request& request) { return request.is_xhr() == value; }};
}

Predicate request_method_predicate(const StringList& methods) {
  std::set<std::string, std::less<>> allowed;
  for (const std::string& method : methods.values()) {
    require_method_name(method);
    allowed.insert(method);
  }
  if (allowed.contains("GET")) allowed.insert("HEAD");
  return {"request_method " + joined({allowed.begin(), allowed.end()}),
          [allowed = std::move(allowed)](const Resource*, Request& request) {
            return allowed.contains(request.method());
          }};
}

Predicate path_info_predicate(const std::string& regex) {
  return {"path_info " + regex, [compiled = compile(regex)](const Resource*, Request& request) {
            return compiled->match(request.path_info()).has_value();
          }};
}

Predicate request_param_predicate(const StringList& parameters) {
  std::vector<NameAndValue> wanted;
  for (const std::string& text : parameters.values()) wanted.push_back(split_at_equals(text));
  return {"request_param " + joined(parameters.values()),
          [wanted = std::move(wanted)](const Resource*, Request& request) {
            return std::all_of(wanted.begin(), wanted.end(), [&](const NameAndValue& one) {
              const std::string* actual = request.params().find(one.name);
              return actual != nullptr && (!one.value || *actual == *one.value);
            });
          }};
}

Predicate header_predicate(const StringList& headers) {
  std::vector<HeaderTest> tests;
  for (const std::string& text : headers.values()) tests.push_back(parse_header_test(text));
  return {"header " + joined(headers.values()),
          [tests = std::move(tests)](const Resource*, Request& request) {
            return std::all_of(tests.begin(), tests.end(),
                               [&](const HeaderTest& test) { return test(request); });
          }};
}

Predicate accept_predicate(const StringList& media_types) {
  for (const std::string& type : media_types.values()) {
    const auto slash = type.find('/');
    if (slash == std::string::npos || type.find('*') != std::string::npos) {
      throw ConfigurationError("'" + type + "' is no media type to offer: write one as text/html");
    }
  }
  return {"accept " + joined(media_types.values()),
          [types = media_types.values()](const Resource*, Request& request) {
            const std::vector<std::string_view> offers(types.begin(), types.end());
            return !acceptable_offers(request.header("Accept"), offers).empty();
          }};
}

Predicate containment_predicate(const ContextType& type) {
  if (!type || type.is_exception()) throw ConfigurationError("containment names no resource class");
  return {"containment " + type.name(), [type](const Resource* context, Request&) {
            if (context == nullptr) return false;
            const auto line = lineage(*context);
            return std::any_of(line.begin(), line.end(),
                               [&type](const auto& place) { return type.is_class_of(*place); });
          }};
}

Predicate match_param_predicate(const StringList& parameters) {
  std::vector<NameAndValue> wanted;
  for (const std::string& text : parameters.values()) {
    wanted.push_back(split_at_equals(text));
    if (!wanted.back().value) {
      throw ConfigurationError("match_param asks for name=value, and '" + text + "' has no value");
    }
  }
  return {"match_param " + joined(parameters.values()),
          [wanted = std::move(wanted)](const Resource*, Request& request) {
            const MatchDict& matchdict = request.matchdict();
            return std::all_of(wanted.begin(), wanted.end(), [&](const NameAndValue& one) {
              return matchdict.contains(one.name) && matchdict[one.name] == *one.value;
            });
          }};
}

Predicate is_authenticated_predicate(bool value) {
  return {value ? "is_authenticated" : "not is_authenticated",
          [value](const Resource*, Request& request) {
            return request.is_authenticated().get() == value;
          }};
}

Predicate effective_principals_predicate(const StringList& principals) {
  return {"effective_principals " + joined(principals.values()),
          [wanted = principals.values()](const Resource*, Request& request) {
            const Principals actual = request.effective_principals().get();
            return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& one) {
              return std::find(actual.begin(), actual.end(), one) != actual.end();
            });
          }};
}

Predicate physical_path_predicate(const std::string& path) {
  std::vector<std::string> wanted = split_path_info(path);
  return {"physical_path " + path, [wanted = std::move(wanted)](const Resource* context, Request&) {
            if (context == nullptr) return false;
            // The first is the root's, whatever its name.
            const auto place = resource_path_tuple(*context);
            return std::equal(place.begin() + 1, place.end(), wanted.begin(), wanted.end());
          }};
}

}  // namespace aiopyr
