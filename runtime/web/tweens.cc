#include <algorithm>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/tweens.h>

namespace aiopyr {

namespace {

/// The index at which a tween called `name` stands in `order`.
template <class Order>
std::optional<std::size_t> index_of(const Order& order, std::string_view name) {
  const auto found = std::find_if(order.begin(), order.end(), [name](const auto* tween) {
    return tween->options.name == name;
  });
  if (found == order.end()) return std::nullopt;
  return static_cast<std::size_t>(found - order.begin());
}

void require_sane(const TweenOptions& options) {
  const std::string& name = options.name;
  if (name.empty() || name == kIngress || name == kExcview || name == kMain) {
    throw ConfigurationError("'" + name + "' is reserved: give the tween a name of its own");
  }
  if (options.over == kIngress) throw ConfigurationError("a tween cannot be over INGRESS");
  if (options.under == kMain) throw ConfigurationError("a tween cannot be under MAIN");
}

[[noreturn]] void throw_homeless(const TweenOptions& options) {
  std::string wishes;
  if (!options.over.empty()) wishes += " over '" + options.over + "'";
  if (!options.under.empty()) wishes += " under '" + options.under + "'";
  throw ConfigurationError("tween '" + options.name + "' has no place" + wishes +
                           ": there is no such tween, or each waits for the other");
}

}  // namespace

TweenChain::TweenChain() {
  TweenOptions excview;
  excview.name = kExcview;
  tweens_.push_back({std::move(excview), nullptr});
}

void TweenChain::add(TweenOptions options, TweenFactory factory) {
  require_sane(options);
  for (const Tween& tween : tweens_) {
    if (tween.options.name == options.name) {
      throw ConfigurationError("there are two tweens with the name '" + options.name + "'");
    }
  }
  tweens_.push_back({std::move(options), std::move(factory)});
}

/// Where in `order` a tween may be inserted; nothing while a neighbour that it names is not there.
std::optional<std::size_t> TweenChain::place_in(const Order& order, const TweenOptions& wish) {
  std::optional<std::size_t> over = order.size();
  if (!wish.over.empty() && wish.over != kMain) over = index_of(order, wish.over);
  std::optional<std::size_t> first = 0;
  if (!wish.under.empty() && wish.under != kIngress) {
    const auto under = index_of(order, wish.under);
    first = under ? std::optional(*under + 1) : std::nullopt;
  }
  if (!over || !first) return std::nullopt;
  if (*first > *over) {
    throw ConfigurationError("tween '" + wish.name + "' cannot be over '" + wish.over +
                             "' and under '" + wish.under + "'");
  }
  return wish.over.empty() ? first : over;
}

/// Places one tween after the other; those whose neighbours are not placed yet wait for a later
/// round. What is placed keeps its order, so every wish that was met stays met.
TweenChain::Order TweenChain::order() const {
  Order order{&tweens_.front()};
  std::vector<const Tween*> waiting;
  for (std::size_t i = 1; i < tweens_.size(); ++i) waiting.push_back(&tweens_[i]);
  while (!waiting.empty()) {
    const std::size_t placed = std::erase_if(waiting, [&order](const Tween* tween) {
      const auto place = place_in(order, tween->options);
      if (place) order.insert(order.begin() + static_cast<std::ptrdiff_t>(*place), tween);
      return place.has_value();
    });
    if (placed == 0) throw_homeless(waiting.front()->options);
  }
  return order;
}

std::vector<std::string> TweenChain::names() const {
  std::vector<std::string> names;
  for (const Tween* tween : order()) names.push_back(tween->options.name);
  return names;
}

Handler TweenChain::build(Handler main, const TweenFactory& excview, Registry& registry) const {
  const Order chain = order();
  Handler handler = std::move(main);
  for (auto tween = chain.rbegin(); tween != chain.rend(); ++tween) {
    const TweenFactory& factory = (*tween)->factory ? (*tween)->factory : excview;
    handler = factory(std::move(handler), registry);
    if (!handler) {
      throw ConfigurationError("the factory of tween '" + (*tween)->options.name +
                               "' made no handler");
    }
  }
  return handler;
}

}  // namespace aiopyr
