#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/web/mapper_ref.h>
#include <aiopyr/runtime/web/predicates.h>
#include <aiopyr/runtime/web/response.h>

namespace aiopyr {

/// A registered view, mapped and rendered: called on the request's fiber with a context that is not
/// null.
struct View {
  std::string callable_name;
  MapperRef mapper;  // kept, as what it made may refer to it
  Predicates predicates{};
  std::function<Response(Resource*, Request&)> call;
};

/// The views of one route and name, which differ by their predicates: pyramid's MultiView.
class MultiView {
 public:
  void add(View view);

  /// Calls the first view whose predicates match, those with more predicates being asked first; one
  /// that throws PredicateMismatch passes it on to the next. Throws PredicateMismatch, a 404, where
  /// none is left.
  Response operator()(Resource* context, Request& request) const;

  [[nodiscard]] const std::vector<View>& views() const noexcept { return views_; }

 private:
  std::vector<View> views_;
};

/// All views, found by route (empty: none) and name. Written while the app is configured, read-only
/// afterwards.
class ViewTable {
 public:
  void add(const std::string& route_name, const std::string& name, View view);

  /// Null where there is none.
  [[nodiscard]] const MultiView* find(std::string_view route_name,
                                      std::string_view name) const noexcept;

  using ByName = std::map<std::string, MultiView, std::less<>>;
  [[nodiscard]] const std::map<std::string, ByName, std::less<>>& by_route() const noexcept {
    return by_route_;
  }

 private:
  std::map<std::string, ByName, std::less<>> by_route_;
};

}  // namespace aiopyr
