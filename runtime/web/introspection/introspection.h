#pragma once

#include <string>
#include <string_view>
#include <vector>

/// What an app is made of, as rows to be printed: Pyramid's proutes, pviews and ptweens. Reads a
/// registry that is configured; any thread.
namespace aiopyr {

class Registry;

/// A route and one of its views. A route without views has one row, with kUnknownView.
struct RouteInfo {
  std::string name;
  std::string pattern;
  std::string view;
  std::string method;  ///< "GET,HEAD", "!POST,*", `*` for any; what both route and view take
};

inline constexpr std::string_view kUnknownView = "<unknown>";
inline constexpr std::string_view kAnyMethod = "*";
inline constexpr std::string_view kNoMethod = "<route mismatch>";

/// The routes in the order in which they are tried.
[[nodiscard]] std::vector<RouteInfo> list_routes(const Registry& registry);

/// A registered view. Texts are empty where the registration says nothing.
struct ViewInfo {
  std::string route;
  std::string pattern;  ///< the route's; `/` for views found by traversal
  std::string name;
  std::string context;  ///< a class, of exceptions for an exception view
  std::string predicates;
  std::string permission;
  std::string view;
  std::string mapper;
  bool is_exception_view = false;
};

/// All views: those of routes in the routes' order, those found by traversal, exception views. Of
/// the same route, name and context they are in the order in which they are asked.
[[nodiscard]] std::vector<ViewInfo> list_views(const Registry& registry);

/// The views that a URL's path may lead to, whatever their predicates: those of each route whose
/// pattern matches it, or if there is none, those of the context that traversal finds. On a fiber,
/// as a root factory may wait. Throws what that throws.
[[nodiscard]] std::vector<ViewInfo> list_views_at(const Registry& registry, std::string_view path);

/// One place in the chain of tweens.
struct TweenInfo {
  std::string position;  ///< counted from the server; `-` for the two ends
  std::string name;
};

struct TweenChainInfo {
  bool is_used;
  bool is_explicit;  ///< named by the setting `tweens`
  std::vector<TweenInfo> tweens;
};

/// The chain that is used, and the implicit one behind it where the setting replaces that.
[[nodiscard]] std::vector<TweenChainInfo> list_tweens(const Registry& registry);

/// Rows of text in columns as wide as they have to be, one string for each.
[[nodiscard]] std::vector<std::string> align_columns(
    const std::vector<std::vector<std::string>>& rows);

/// The same under a line of titles, as one text.
[[nodiscard]] std::string format_table(const std::vector<std::string>& titles,
                                       const std::vector<std::vector<std::string>>& rows);

// The same, ready to be printed.

[[nodiscard]] std::string format_routes(const std::vector<RouteInfo>& routes);
[[nodiscard]] std::string format_views(const std::vector<ViewInfo>& views);
[[nodiscard]] std::string format_tweens(const std::vector<TweenChainInfo>& chains);

}  // namespace aiopyr
