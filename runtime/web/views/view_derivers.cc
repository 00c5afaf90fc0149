#include <algorithm>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/placement.h>
#include <aiopyr/runtime/web/views/view_derivers.h>

namespace aiopyr {

namespace {

constexpr detail::PlacementEnds kEnds{"view deriver", "INGRESS", "VIEW"};
constexpr const char* kRendered = "rendered_view";
constexpr const char* kMapped = "mapped_view";
constexpr const char* kTimed = "timed_view";

using Names = std::vector<std::string>;

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What the sort is told of those who do not say all.
struct Defaults {
  /// For those that say only what they are over. Pyramid gives what is over decorated_view no place
  /// unless it says what it is under; here it may be anywhere above that.
  const char* under = "decorated_view";
  /// Whether all are over rendered_view, also those that only asked to be over what comes below.
  bool over_rendered = false;
};

/// Sorted and without repetitions, as Pyramid notes them: that decides between places as good.
Names noted(Names names) {
  // The mapper itself comes last in any case.
  if (contains(names, kEnds.last)) names.emplace_back(kMapped);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

detail::Placement wish_of(const ViewDeriverOptions& options, const Defaults& defaults) {
  Names over = options.over.values();
  Names under = options.under.values();
  if (under.empty()) under.emplace_back(over.empty() ? Defaults().under : defaults.under);
  if (over.empty() || defaults.over_rendered) over.emplace_back(kRendered);
  return {options.name, noted(std::move(over)), noted(std::move(under))};
}

void require_sane(const ViewDeriverOptions& options) {
  for (const std::string_view name : {kRendered, kMapped, "VIEW"}) {
    if (!contains(options.under.values(), name)) continue;
    throw ConfigurationError("a view deriver cannot be under " + std::string(name) +
                             ": there is no Response yet");
  }
  if (contains(options.over.values(), kEnds.first)) {
    throw ConfigurationError("a view deriver cannot be over " + std::string(kEnds.first));
  }
}

/// Those that every app has in Pyramid, in the order in which it adds them.
std::vector<detail::Placement> pyramids_own() {
  return {{"secured_view", {"VIEW", kMapped}, {"INGRESS"}},
          {"owrapped_view", {"VIEW", kMapped}, {"secured_view"}},
          {"http_cached_view", {"VIEW", kMapped}, {"owrapped_view"}},
          {"decorated_view", {"VIEW", kMapped}, {"http_cached_view"}},
          {kRendered, {"VIEW", kMapped}, {"decorated_view"}},
          {kMapped, {"VIEW"}, {kRendered}},
          {"csrf_view", {"owrapped_view"}, {"secured_view"}}};
}

bool is_named(const std::vector<detail::Placement>& wishes, std::string_view name) {
  return std::any_of(wishes.begin(), wishes.end(), [name](const detail::Placement& wish) {
    return contains(wish.over, name) || contains(wish.under, name);
  });
}

/// Sorted names. timed_view, which Pyramid does not have, is the outermost unless another wants to
/// be over it; so it never changes the order of the others.
Names sorted(std::vector<detail::Placement> wishes) {
  const bool is_timed_named = is_named(wishes, kTimed);
  if (is_timed_named) wishes.insert(wishes.begin(), {kTimed, {"secured_view"}, {"INGRESS"}});
  Names names;
  if (!is_timed_named) names.emplace_back(kTimed);
  for (const std::size_t index : detail::place_all(wishes, kEnds)) {
    names.push_back(wishes[index].name);
  }
  return names;
}

bool has_under_rendered(const Names& names) {
  return names.back() != kMapped || *std::prev(names.end(), 2) != kRendered;
}

}  // namespace

void ViewDerivers::add(ViewDeriverOptions options, ViewDeriver deriver) {
  const auto is_taken = [&](const Entry& entry) { return entry.options.name == options.name; };
  const bool is_reserved = options.name.empty() || options.name == kEnds.first ||
                           options.name == kEnds.last || options.name == kRendered ||
                           options.name == kMapped;
  if (is_reserved || std::any_of(entries_.begin(), entries_.end(), is_taken)) {
    throw ConfigurationError("'" + options.name + "' is the name of another view deriver");
  }
  require_sane(options);
  entries_.push_back({std::move(options), std::move(deriver)});
}

std::vector<std::string> ViewDerivers::names() const {
  const auto sorted_with = [this](const Defaults& defaults) {
    auto wishes = pyramids_own();
    for (std::size_t i = own_; i < entries_.size(); ++i) {
      wishes.push_back(wish_of(entries_[i].options, defaults));
    }
    return sorted(std::move(wishes));
  };
  Defaults defaults;
  Names names;
  try {
    names = sorted_with(defaults);
  } catch (const ConfigurationError&) {
    defaults.under = "INGRESS";
    names = sorted_with(defaults);
  }
  if (has_under_rendered(names)) {
    defaults.over_rendered = true;
    names = sorted_with(defaults);
  }
  names.erase(std::find(names.begin(), names.end(), kRendered), names.end());
  return names;
}

const ViewDeriver& ViewDerivers::named(const std::string& name) const {
  return std::find_if(entries_.begin(), entries_.end(),
                      [&](const Entry& entry) { return entry.options.name == name; })
      ->deriver;
}

ViewFunction ViewDerivers::derive(ViewFunction view, const ViewDeriverInfo& info) const {
  const Names order = names();
  for (auto name = order.rbegin(); name != order.rend(); ++name) {
    view = named(*name)(std::move(view), info);
    if (!view) throw ConfigurationError("the view deriver '" + *name + "' made no view");
  }
  return view;
}

}  // namespace aiopyr
