#include <algorithm>
#include <deque>
#include <map>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/join.h>
#include <aiopyr/runtime/base/placement.h>

namespace aiopyr::detail {

namespace {

/// The wishes as a graph: each node has arcs to the nodes that come after it.
class Placing {
 public:
  Placing(const std::vector<Placement>& wishes, const PlacementEnds& ends)
      : wishes_(wishes), ends_(ends), nodes_(kFirstWish + wishes.size()) {
    numbers_.emplace(ends.first, kFirst);
    numbers_.emplace(ends.last, kLast);
    for (std::size_t i = 0; i < wishes.size(); ++i)
      numbers_.emplace(wishes[i].name, kFirstWish + i);
    add_arc(kFirst, kLast);
    for (std::size_t i = 0; i < wishes.size(); ++i) add_arcs_of(i);
  }

  /// Sorts depth first, as Pyramid does: a node that becomes free comes next, before all that were
  /// free already; of several, the one whose wish was added last.
  std::vector<std::size_t> place() && {
    require_neighbours();
    std::deque<std::size_t> free;
    for (std::size_t node = 0; node < nodes_.size(); ++node) {
      if (nodes_[node].waits_for == 0) free.push_back(node);
    }
    std::vector<std::size_t> order;
    while (!free.empty()) {
      const std::size_t node = free.front();
      free.pop_front();
      nodes_[node].is_placed = true;
      if (node >= kFirstWish) order.push_back(node - kFirstWish);
      for (const std::size_t next : nodes_[node].before) {
        if (--nodes_[next].waits_for == 0) free.push_front(next);
      }
    }
    if (order.size() != wishes_.size()) throw_contradiction();
    return order;
  }

 private:
  static constexpr std::size_t kFirst = 0;
  static constexpr std::size_t kLast = 1;
  static constexpr std::size_t kFirstWish = 2;

  struct Node {
    std::vector<std::size_t> before;  // others, in the order in which their arcs were noted
    std::size_t waits_for = 0;        // arcs from nodes that are not placed yet
    bool is_placed = false;
  };

  void add_arc(std::size_t from, std::size_t to) {
    nodes_[from].before.push_back(to);
    ++nodes_[to].waits_for;
  }

  void add_arcs_of(std::size_t index) {
    const Placement& wish = wishes_[index];
    for (const std::string& name : wish.under) {
      const auto under = numbers_.find(name);
      if (under != numbers_.end()) add_arc(under->second, kFirstWish + index);
    }
    for (const std::string& name : wish.over) {
      const auto over = numbers_.find(name);
      if (over != numbers_.end()) add_arc(kFirstWish + index, over->second);
    }
  }

  /// Throws for a wish to be beside names of which none exists. As in Pyramid, such a wish is
  /// accepted if another node has asked to stand on that side.
  void require_neighbours() const {
    for (std::size_t i = 0; i < wishes_.size(); ++i) {
      const Node& node = nodes_[kFirstWish + i];
      const Placement& wish = wishes_[i];
      if (!wish.over.empty() && node.before.empty()) throw_homeless(wish, "over", wish.over);
      if (!wish.under.empty() && node.waits_for == 0) throw_homeless(wish, "under", wish.under);
    }
  }

  [[noreturn]] void throw_homeless(const Placement& wish, const std::string& side,
                                   const std::vector<std::string>& names) const {
    throw ConfigurationError(std::string(ends_.kind) + " '" + wish.name + "' has no place " + side +
                             " '" + join(names, "' or '") + "': there is no such " +
                             std::string(ends_.kind));
  }

  std::string_view name_of(std::size_t node) const {
    if (node == kFirst) return ends_.first;
    return node == kLast ? ends_.last : std::string_view(wishes_[node - kFirstWish].name);
  }

  /// Finds a cycle among the nodes that are left, which wait for each other, and throws it.
  [[noreturn]] void throw_contradiction() const {
    std::vector<std::size_t> way;
    std::size_t node = 0;
    while (nodes_[node].is_placed) ++node;
    while (std::find(way.begin(), way.end(), node) == way.end()) {
      way.push_back(node);
      node = waited_for_by(node);
    }
    std::string circle = "'" + std::string(name_of(node)) + "'";
    for (auto place = way.end(); *--place != node;) {
      circle += " over '" + std::string(name_of(*place)) + "'";
    }
    throw ConfigurationError(std::string(ends_.kind) + "s have no order: " + circle + " over '" +
                             std::string(name_of(node)) + "'");
  }

  std::size_t waited_for_by(std::size_t node) const {
    for (std::size_t other = 0;; ++other) {
      const auto& before = nodes_[other].before;
      const bool is_left = !nodes_[other].is_placed;
      if (is_left && std::find(before.begin(), before.end(), node) != before.end()) return other;
    }
  }

  const std::vector<Placement>& wishes_;
  const PlacementEnds& ends_;
  std::map<std::string, std::size_t, std::less<>> numbers_;
  std::vector<Node> nodes_;
};

}  // namespace

std::vector<std::size_t> place_all(const std::vector<Placement>& wishes,
                                   const PlacementEnds& ends) {
  return Placing(wishes, ends).place();
}

}  // namespace aiopyr::detail
