#include <algorithm>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/placement.h>
#include <aiopyr/runtime/web/registry/tweens.h>

namespace aiopyr {

namespace {

constexpr detail::PlacementEnds kTweenEnds{"tween", kIngress, kMain};

bool names(const StringList& list, std::string_view name) {
  const auto& names = list.values();
  return std::find(names.begin(), names.end(), name) != names.end();
}

void require_sane(const TweenOptions& options) {
  const std::string& name = options.name;
  if (name.empty() || name == kIngress || name == kExcview || name == kMain) {
    throw ConfigurationError("'" + name + "' is reserved: give the tween a name of its own");
  }
  if (names(options.over, kIngress)) throw ConfigurationError("a tween cannot be over INGRESS");
  if (names(options.under, kMain)) throw ConfigurationError("a tween cannot be under MAIN");
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

void TweenChain::set_explicit_order(std::vector<std::string> names) {
  explicit_order_ = std::move(names);
}

const TweenChain::Tween& TweenChain::named(const std::string& name) const {
  const auto found = std::find_if(tweens_.begin(), tweens_.end(),
                                  [&](const Tween& tween) { return tween.options.name == name; });
  if (found == tweens_.end()) {
    throw ConfigurationError("the setting tweens names '" + name +
                             "', and no such tween was added");
  }
  return *found;
}

std::vector<const TweenChain::Tween*> TweenChain::order() const {
  if (!is_explicit()) return implicit_order();
  std::vector<const Tween*> order;
  for (const std::string& name : explicit_order_) order.push_back(&named(name));
  return order;
}

std::vector<const TweenChain::Tween*> TweenChain::implicit_order() const {
  std::vector<const Tween*> order;
  std::vector<detail::Placement> wishes;
  for (const auto& [options, factory] : tweens_) {
    std::vector<std::string> under = options.under.values();
    if (under.empty() && options.over.empty()) under.emplace_back(kIngress);
    wishes.push_back({options.name, options.over.values(), std::move(under)});
  }
  for (const std::size_t index : detail::place_all(wishes, kTweenEnds)) {
    order.push_back(&tweens_[index]);
  }
  return order;
}

std::vector<std::string> TweenChain::names_of(const std::vector<const Tween*>& tweens) {
  std::vector<std::string> names;
  for (const Tween* tween : tweens) names.push_back(tween->options.name);
  return names;
}

std::vector<std::string> TweenChain::names() const { return names_of(order()); }

std::vector<std::string> TweenChain::implicit_names() const { return names_of(implicit_order()); }

Handler TweenChain::build(Handler main, const TweenFactory& excview, Registry& registry) const {
  const auto chain = order();
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
