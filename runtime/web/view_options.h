#pragma once

#include <string>

#include <aiopyr/runtime/web/mapper_ref.h>
#include <aiopyr/runtime/web/string_list.h>

/// The keyword arguments of Pyramid's add_route, add_view and include, for designated initializers:
/// name them in this order.
namespace aiopyr {

struct RouteOptions {
  StringList request_method{};  ///< GET stands for HEAD too
};

struct ViewOptions {
  std::string route_name{};     ///< empty: a view of a context, found by traversal
  std::string name{};           ///< the view's name below its context
  std::string renderer{};       ///< needed by a view that gives values: "json", "x.html"
  StringList request_method{};  ///< GET stands for HEAD too
  MapperRef mapper{};           ///< else the view's own, else the app's (set_view_mapper)
};

struct IncludeOptions {
  std::string route_prefix{};  ///< before each pattern that the included function adds
};

}  // namespace aiopyr
