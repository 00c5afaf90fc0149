#pragma once

#include <concepts>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <aiopyr/runtime/web/url/multidict.h>

/// The arguments of URL generation: Pyramid's keyword arguments `_query`, `_anchor` and so on, and
/// the values for a route's placeholders. Plain values; all text is UTF-8, not quoted yet.
namespace aiopyr {

/// A text, a whole number, or a list of texts, which becomes a part of a URL as str() does it.
class UrlValue {
 public:
  UrlValue(const char* text);
  UrlValue(std::string text);
  UrlValue(std::string_view text);
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) UrlValue(T number)
      : UrlValue(std::to_string(number)) {}
  UrlValue(std::vector<std::string> list);
  UrlValue(std::initializer_list<std::string> list);
  UrlValue(const UrlValue& other);
  UrlValue(UrlValue&& other) noexcept;
  UrlValue& operator=(const UrlValue& other);
  UrlValue& operator=(UrlValue&& other) noexcept;
  ~UrlValue();

  /// Returns the text; null for a list.
  [[nodiscard]] const std::string* text() const& noexcept;
  /// Returns the list; null for a text.
  [[nodiscard]] const std::vector<std::string>* list() const& noexcept;
  const std::string* text() const&& = delete;  // keep the UrlValue first
  const std::vector<std::string>* list() const&& = delete;

 private:
  std::variant<std::string, std::vector<std::string>> value_;
};

/// The values for a route's placeholders by name: `{{"pagename", "Home"}, {"rest", {"a", "b"}}}`.
/// Names that the pattern does not have are ignored.
class RouteValues {
 public:
  using Item = std::pair<std::string, UrlValue>;

  RouteValues() noexcept;
  RouteValues(std::initializer_list<Item> items);
  RouteValues(const RouteValues& other);
  RouteValues(RouteValues&& other) noexcept;
  RouteValues& operator=(const RouteValues& other);
  RouteValues& operator=(RouteValues&& other) noexcept;
  ~RouteValues();

  [[nodiscard]] const UrlValue* find(std::string_view name) const& noexcept;
  const UrlValue* find(std::string_view name) const&& = delete;  // keep the RouteValues first
  /// Replaces the value of that name, or adds it.
  void set(std::string name, UrlValue value);
  /// Sets all values of `other`.
  void update(const RouteValues& other);
  [[nodiscard]] bool empty() const noexcept { return items_.empty(); }

 private:
  std::vector<Item> items_;
};

/// A query: parameters in order, or a text that need not consist of parameters. A default one is
/// not given; an empty one counts as given (see Request::current_route_url).
class UrlQuery {
 public:
  using Parameter = std::pair<std::string, UrlValue>;

  UrlQuery() noexcept;
  UrlQuery(std::initializer_list<Parameter> parameters);
  UrlQuery(const MultiDict& parameters);
  UrlQuery(const char* text);
  UrlQuery(std::string text);
  UrlQuery(const UrlQuery& other);
  UrlQuery(UrlQuery&& other) noexcept;
  UrlQuery& operator=(const UrlQuery& other);
  UrlQuery& operator=(UrlQuery&& other) noexcept;
  ~UrlQuery();

  [[nodiscard]] bool is_given() const noexcept;
  /// Appends a parameter; to a text with `&`, quoted as in a form.
  void add(std::string name, UrlValue value);

  /// Returns the query, quoted, with its `?`; empty if it has no content. Parameters are written as
  /// in a form (quote_plus; a list gives one for each of its texts), a text as RFC 3986 section 3.4
  /// allows.
  [[nodiscard]] std::string to_string() const;

 private:
  std::variant<std::monostate, std::vector<Parameter>, std::string> value_;
};

/// The keyword arguments of route_url and similar functions, for designated initializers.
struct UrlOptions {
  std::vector<std::string> elements{};  ///< segments to append
  UrlQuery query{};
  std::string anchor{};                  ///< the text after `#`
  std::string scheme{};                  ///< replaces the request's; implies its default port
  std::string host{};                    ///< replaces the request's; may have a port
  int port = 0;                          ///< replaces the request's; 0: not given
  std::optional<std::string> app_url{};  ///< everything before the path; overrides the three above
};

/// The keyword arguments of resource_url.
struct ResourceUrlOptions {
  std::vector<std::string> elements{};
  UrlQuery query{};
  std::string anchor{};
  std::string scheme{};
  std::string host{};
  int port = 0;
  std::optional<std::string> app_url{};
  std::string route_name{};  ///< a route with a `*traverse`, which the resource's path fills
  std::string route_remainder_name = "traverse";
  RouteValues route_kw{};  ///< for the other placeholders of that route
};

}  // namespace aiopyr
