#include <algorithm>
#include <numeric>
#include <optional>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/placement.h>

namespace aiopyr::detail {

namespace {

class Placing {
 public:
  Placing(const std::vector<Placement>& wishes, std::size_t settled, const PlacementEnds& ends)
      : wishes_(wishes), ends_(ends), order_(settled) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
  }

  /// One after the other; those whose neighbours are not placed yet wait for a later round. What is
  /// placed keeps its order, so every wish that was met stays met.
  std::vector<std::size_t> place() && {
    std::vector<std::size_t> waiting(wishes_.size() - order_.size());
    std::iota(waiting.begin(), waiting.end(), order_.size());
    while (!waiting.empty()) {
      const std::size_t placed =
          std::erase_if(waiting, [this](std::size_t index) { return try_to_place(index); });
      if (placed == 0) throw_homeless(wishes_[waiting.front()]);
    }
    return std::move(order_);
  }

 private:
  bool try_to_place(std::size_t index) {
    const auto place = place_of(wishes_[index]);
    if (place) order_.insert(order_.begin() + static_cast<std::ptrdiff_t>(*place), index);
    return place.has_value();
  }

  /// Nothing while a neighbour that is named is not there.
  std::optional<std::size_t> place_of(const Placement& wish) const {
    std::optional<std::size_t> over = order_.size();
    if (!wish.over.empty() && wish.over != ends_.last) over = find(wish.over);
    std::optional<std::size_t> first = 0;
    if (!wish.under.empty() && wish.under != ends_.first) {
      const auto under = find(wish.under);
      first = under ? std::optional(*under + 1) : std::nullopt;
    }
    if (!over || !first) return std::nullopt;
    if (*first > *over) {
      throw ConfigurationError(text(wish) + " cannot be over '" + wish.over + "' and under '" +
                               wish.under + "'");
    }
    return wish.over.empty() ? first : over;
  }

  std::optional<std::size_t> find(std::string_view name) const {
    const auto found = std::find_if(order_.begin(), order_.end(),
                                    [&](std::size_t index) { return wishes_[index].name == name; });
    if (found == order_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - order_.begin());
  }

  std::string text(const Placement& wish) const {
    return std::string(ends_.kind) + " '" + wish.name + "'";
  }

  [[noreturn]] void throw_homeless(const Placement& wish) const {
    std::string wishes;
    if (!wish.over.empty()) wishes += " over '" + wish.over + "'";
    if (!wish.under.empty()) wishes += " under '" + wish.under + "'";
    throw ConfigurationError(text(wish) + " has no place" + wishes + ": there is no such " +
                             std::string(ends_.kind) + ", or each waits for the other");
  }

  const std::vector<Placement>& wishes_;
  const PlacementEnds& ends_;
  std::vector<std::size_t> order_;
};

}  // namespace

std::vector<std::size_t> place_all(const std::vector<Placement>& wishes, std::size_t settled,
                                   const PlacementEnds& ends) {
  return Placing(wishes, settled, ends).place();
}

}  // namespace aiopyr::detail
