#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/routing/string_list.h>

namespace aiopyr {

class Registry;
class Request;

/// Answers a request on its fiber: the app, or the rest of it behind a tween.
using Handler = std::function<Response(Request&)>;

/// Makes a tween, once, when the app is made: a handler that wraps the given one. The tween runs on
/// each request's fiber, so it may call synchronized functions before and after.
using TweenFactory = std::function<Handler(Handler next, Registry& registry)>;

/// The ends of the chain and the place of exception views in it, as names for over and under.
inline constexpr std::string_view kIngress = "INGRESS";
inline constexpr std::string_view kExcview = "EXCVIEW";
inline constexpr std::string_view kMain = "MAIN";

/// The position of a tween: `over` is nearer to the server, `under` nearer to the views. Each names
/// other tweens or the places above, of which at least one has to exist; without both it comes
/// right under INGRESS.
struct TweenOptions {
  std::string name{};  ///< default: the callable's own name
  StringList over{};
  StringList under{};
};

/// The tweens in their order: pyramid.config.tweens. While the app is configured only.
class TweenChain {
 public:
  TweenChain();

  /// Adds a tween. Throws ConfigurationError for a reserved name, or a place over INGRESS or under
  /// MAIN.
  void add(TweenOptions options, TweenFactory factory);

  /// Replaces the order that the tweens ask for (Pyramid's setting `pyramid.tweens`) by the names
  /// from the server to the views, and no others. EXCVIEW is omitted unless it is among them.
  void set_explicit_order(std::vector<std::string> names);

  /// Returns the names from the server to the views, EXCVIEW included, in Pyramid's order. Throws
  /// ConfigurationError if a name in over or under does not exist, or they contradict each other.
  [[nodiscard]] std::vector<std::string> names() const;

  /// Returns whether set_explicit_order() has replaced the implicit order; and that order.
  [[nodiscard]] bool is_explicit() const noexcept { return !explicit_order_.empty(); }
  [[nodiscard]] std::vector<std::string> implicit_names() const;

  /// Wraps `main` in all of them; `excview` makes the tween at EXCVIEW.
  [[nodiscard]] Handler build(Handler main, const TweenFactory& excview, Registry& registry) const;

 private:
  struct Tween {
    TweenOptions options;
    TweenFactory factory;  // empty for EXCVIEW
  };

  [[nodiscard]] std::vector<const Tween*> order() const;
  [[nodiscard]] std::vector<const Tween*> implicit_order() const;
  [[nodiscard]] static std::vector<std::string> names_of(const std::vector<const Tween*>& tweens);
  [[nodiscard]] const Tween& named(const std::string& name) const;

  std::vector<Tween> tweens_;
  std::vector<std::string> explicit_order_;
};

}  // namespace aiopyr
