#pragma once

#include <cstddef>
#include <functional>
#include <source_location>
#include <string>
#include <vector>

namespace aiopyr::detail {

/// The phase in which an action runs, as pyramid.interfaces.PHASE*_CONFIG.
enum class Phase { kSettings, kRoutes, kViews };

/// One request of the configuration that has not been carried out yet.
struct Action {
  /// Returns its title, for messages: "view of route 'home'". Two actions with the same title
  /// configure the same thing. Called when the phases before have been carried out; never empty.
  std::function<std::string()> title;
  /// The includes that contain it, outermost first; each include() has its number.
  std::vector<int> include_path;
  std::source_location where;
  Phase phase = Phase::kViews;
  std::function<void()> execute;
  /// Its position in the order of the calls; set by Actions.
  std::size_t number = 0;
};

/// Deferred configuration: pyramid.config.actions.ActionState. Only while the app is configured.
class Actions {
 public:
  void add(Action action);

  /// Resolves conflicts and carries out the remaining actions in order, phase by phase. Of two
  /// actions with the same title, the one with the shorter include path wins if the other's lies
  /// within it; otherwise throws ConfigurationError that names both places. Errors of an action get
  /// its place.
  void commit();

 private:
  std::vector<Action> actions_;
};

/// Returns `file:line`.
[[nodiscard]] std::string to_string(const std::source_location& where);

}  // namespace aiopyr::detail
