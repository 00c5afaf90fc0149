#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Lists the parts of an app as rows to be printed: Pyramid's proutes, pviews and ptweens. Reads a
/// registry that is configured; any thread.
namespace aiopyr {

class Registry;

/// A route and one of its views. A route without views has one row, with kUnknownView.
struct RouteInfo {
  std::string name;
  std::string pattern;
  std::string view;
  std::string method;  ///< "GET,HEAD", "!POST,*", `*` for any; accepted by both route and view
};

inline constexpr std::string_view kUnknownView = "<unknown>";
inline constexpr std::string_view kAnyMethod = "*";
inline constexpr std::string_view kNoMethod = "<route mismatch>";

/// Returns the routes in the order in which they are tried.
[[nodiscard]] std::vector<RouteInfo> list_routes(const Registry& registry);

/// A registered view. Texts are empty if the registration does not have them.
struct ViewInfo {
  std::string route;
  std::string pattern;  ///< that of the route; `/` for views found by traversal
  std::string name;
  std::string context;  ///< a class; of exceptions for an exception view
  std::string predicates;
  std::string permission;
  std::string view;
  std::string mapper;
  bool is_exception_view = false;
};

/// Returns all views: those of routes in the routes' order, those found by traversal, exception
/// views. Those of the same route, name and context are in the order in which they are tried.
[[nodiscard]] std::vector<ViewInfo> list_views(const Registry& registry);

/// Returns the views that a URL's path may lead to, whatever their predicates: those of each route
/// whose pattern matches it or, if there is none, those of the context that traversal finds. On a
/// fiber, as a root factory may wait. Throws the exceptions of traversal.
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

/// Returns the chain that is used, and the implicit one too if the setting has replaced it.
[[nodiscard]] std::vector<TweenChainInfo> list_tweens(const Registry& registry);

/// Formats rows of text in columns of the necessary width, one string for each row.
[[nodiscard]] std::vector<std::string> align_columns(
    const std::vector<std::vector<std::string>>& rows);

/// Formats rows under a line of titles, as one text.
[[nodiscard]] std::string format_table(const std::vector<std::string>& titles,
                                       const std::vector<std::vector<std::string>>& rows);

// Format the lists, ready to be printed.

[[nodiscard]] std::string format_routes(const std::vector<RouteInfo>& routes);
[[nodiscard]] std::string format_views(const std::vector<ViewInfo>& views);
[[nodiscard]] std::string format_tweens(const std::vector<TweenChainInfo>& chains);

}  // namespace aiopyr
