#pragma once

#include <cstddef>
#include <functional>
#include <source_location>
#include <string>
#include <vector>

namespace aiopyr::detail {

/// What is carried out first, as pyramid.interfaces.PHASE*_CONFIG.
enum class Phase { kSettings, kRoutes, kViews };

/// One thing that the configuration asked for, not carried out yet.
struct Action {
  /// What it is, for messages: "view of route 'home'". Two actions with the same title are about
  /// the same thing. Asked for when the phases before have been carried out; never empty.
  std::function<std::string()> title;
  /// The includes within which it was asked for, outermost first; each include() has its number.
  std::vector<int> include_path;
  std::source_location where;
  Phase phase = Phase::kViews;
  std::function<void()> execute;
  /// Its place in the order of asking; set by Actions.
  std::size_t number = 0;
};

/// Deferred configuration: pyramid.config.actions.ActionState. While the app is configured only.
class Actions {
 public:
  void add(Action action);

  /// Phase by phase, resolves conflicts and carries out what is left, in order. Of the same thing
  /// asked for twice, the asking with the shorter include path wins, where the other's lies within
  /// it; else throws ConfigurationError that names both places. An error of an action gets its
  /// place.
  void commit();

 private:
  std::vector<Action> actions_;
};

/// `file:line`
[[nodiscard]] std::string to_string(const std::source_location& where);

}  // namespace aiopyr::detail
