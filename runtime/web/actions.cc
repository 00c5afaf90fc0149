#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/actions.h>

namespace aiopyr::detail {

namespace {

bool lies_within(const Action& inner, const Action& outer) {
  const auto& path = outer.include_path;
  return path.size() < inner.include_path.size() &&
         std::equal(path.begin(), path.end(), inner.include_path.begin());
}

Action winner_of(std::vector<Action>& same) {
  auto winner = std::min_element(same.begin(), same.end(), [](const Action& a, const Action& b) {
    return a.include_path.size() < b.include_path.size();
  });
  for (auto other = same.begin(); other != same.end(); ++other) {
    if (other == winner || lies_within(*other, *winner)) continue;
    throw ConfigurationError("conflicting configuration: " + winner->title + " at " +
                             to_string(winner->where) + " and again at " + to_string(other->where));
  }
  return std::move(*winner);
}

void run(const Action& action) {
  try {
    action.execute();
  } catch (const ConfigurationError& error) {
    throw ConfigurationError(to_string(action.where) + ": " + action.title + ": " + error.what());
  }
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
  resolve_conflicts();
  std::stable_sort(actions_.begin(), actions_.end(),
                   [](const Action& a, const Action& b) { return a.phase < b.phase; });
  for (const Action& action : std::exchange(actions_, {})) run(action);
}

void Actions::resolve_conflicts() {
  std::map<std::string, std::vector<Action>> askings;
  for (Action& action : actions_) askings[action.discriminator].push_back(std::move(action));
  std::vector<Action> winners;
  for (auto& [discriminator, same] : askings) winners.push_back(winner_of(same));
  std::sort(winners.begin(), winners.end(),
            [](const Action& a, const Action& b) { return a.number < b.number; });
  actions_ = std::move(winners);
}

}  // namespace aiopyr::detail
