#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/config/actions.h>

namespace aiopyr::detail {

namespace {

bool lies_within(const Action& inner, const Action& outer) {
  const auto& path = outer.include_path;
  return path.size() < inner.include_path.size() &&
         std::equal(path.begin(), path.end(), inner.include_path.begin());
}

/// An action with its title.
struct Titled {
  std::string title;
  Action action;
};

Titled winner_of(std::vector<Titled>& same) {
  const auto winner =
      std::min_element(same.begin(), same.end(), [](const Titled& a, const Titled& b) {
        return a.action.include_path.size() < b.action.include_path.size();
      });
  for (auto other = same.begin(); other != same.end(); ++other) {
    if (other == winner || lies_within(other->action, winner->action)) continue;
    throw ConfigurationError("conflicting configuration: " + winner->title + " at " +
                             to_string(winner->action.where) + " and again at " +
                             to_string(other->action.where));
  }
  return std::move(*winner);
}

/// Calls `f()`, and adds the place to the front of its errors.
template <class F>
auto at_place(const std::source_location& where, const std::string& title, F f) {
  try {
    return f();
  } catch (const ConfigurationError& error) {
    throw ConfigurationError(to_string(where) + ": " + (title.empty() ? "" : title + ": ") +
                             error.what());
  }
}

std::vector<Titled> resolve_conflicts(std::vector<Action> actions) {
  std::map<std::string, std::vector<Titled>> askings;
  for (Action& action : actions) {
    std::string title = at_place(action.where, {}, action.title);
    askings[title].push_back({title, std::move(action)});
  }
  std::vector<Titled> winners;
  for (auto& [title, same] : askings) winners.push_back(winner_of(same));
  std::sort(winners.begin(), winners.end(),
            [](const Titled& a, const Titled& b) { return a.action.number < b.action.number; });
  return winners;
}

}  // namespace

std::string to_string(const std::source_location& where) {
  return std::string(where.file_name()) + ":" + std::to_string(where.line());
}

void Actions::add(Action action) {
  action.number = actions_.size();
  actions_.push_back(std::move(action));
}

void Actions::commit() {
  std::map<Phase, std::vector<Action>> phases;
  for (Action& action : std::exchange(actions_, {})) {
    phases[action.phase].push_back(std::move(action));
  }
  for (auto& [phase, actions] : phases) {
    for (const Titled& titled : resolve_conflicts(std::move(actions))) {
      at_place(titled.action.where, titled.title, titled.action.execute);
    }
  }
}

}  // namespace aiopyr::detail
