#include <algorithm>
#include <array>
#include <optional>
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
constexpr const char* kSecured = "secured_view";

using Names = std::vector<std::string>;

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The derivers of every app that others may stand beside, from the request down to the view.
constexpr std::array kLevels{kEnds.first,
                             std::string_view(kTimed),
                             std::string_view(kSecured),
                             std::string_view("csrf_view"),
                             std::string_view("owrapped_view"),
                             std::string_view("http_cached_view"),
                             std::string_view("decorated_view"),
                             std::string_view(kRendered)};
constexpr std::size_t kSecuredLevel = 2;
constexpr std::size_t kDecoratedLevel = kLevels.size() - 2;
static_assert(kLevels[kSecuredLevel] == kSecured);

/// Returns names sorted and without repetitions, as Pyramid keeps them: their order decides between
/// places that are equally good.
Names noted(Names names) {
  // The mapper itself comes last in any case.
  if (contains(names, kEnds.last)) names.emplace_back(kMapped);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
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

/// Returns the derivers that every app has in Pyramid, in the order in which it adds them.
std::vector<detail::Placement> pyramids_own() {
  return {{kSecured, {"VIEW", kMapped}, {"INGRESS"}},
          {"owrapped_view", {"VIEW", kMapped}, {kSecured}},
          {"http_cached_view", {"VIEW", kMapped}, {"owrapped_view"}},
          {"decorated_view", {"VIEW", kMapped}, {"http_cached_view"}},
          {kRendered, {"VIEW", kMapped}, {"decorated_view"}},
          {kMapped, {"VIEW"}, {kRendered}},
          {"csrf_view", {"owrapped_view"}, {kSecured}}};
}

bool is_named(const std::vector<detail::Placement>& wishes, std::string_view name) {
  return std::any_of(wishes.begin(), wishes.end(), [name](const detail::Placement& wish) {
    return contains(wish.over, name) || contains(wish.under, name);
  });
}

/// Returns the names in order. timed_view, which Pyramid does not have, is the outermost unless
/// another deriver wants to be over it; so it never changes the order of the others.
Names sorted(std::vector<detail::Placement> wishes) {
  const bool is_timed_named = is_named(wishes, kTimed);
  if (is_timed_named) wishes.insert(wishes.begin(), {kTimed, {kSecured}, {"INGRESS"}});
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

/// Turns the places that derivers ask for into placements.
class Wishes {
 public:
  explicit Wishes(std::vector<const ViewDeriverOptions*> derivers)
      : derivers_(std::move(derivers)) {}

  /// Returns whether some derivers have an empty `under`, and are over decorated_view or one above
  /// that. Pyramid refuses them.
  [[nodiscard]] bool are_beyond_pyramid() const {
    return std::any_of(derivers_.begin(), derivers_.end(), [this](const auto* deriver) {
      return deriver->under.values().empty() && level_above(*deriver).has_value();
    });
  }

  /// `over_rendered`: all are over rendered_view, also those that only asked to be over what comes
  /// below.
  [[nodiscard]] std::vector<detail::Placement> placements(bool over_rendered) const {
    const bool keeps_behind_permissions = are_beyond_pyramid();
    auto placements = pyramids_own();
    for (const ViewDeriverOptions* deriver : derivers_) {
      Names over = deriver->over.values();
      Names under = deriver->under.values();
      if (under.empty()) {
        under.emplace_back(kLevels.at(level_above(*deriver).value_or(kDecoratedLevel)));
      }
      if (over.empty() || over_rendered) over.emplace_back(kRendered);
      if (keeps_behind_permissions && !asks_for_place_before_permissions(*deriver)) {
        under.emplace_back(kSecured);
      }
      placements.push_back({deriver->name, noted(std::move(over)), noted(std::move(under))});
    }
    return placements;
  }

 private:
  /// Returns the level right above the outermost of kLevels that a deriver asks to be over, itself
  /// or through others; nullopt if that is below decorated_view.
  [[nodiscard]] std::optional<std::size_t> level_above(const ViewDeriverOptions& deriver) const {
    std::size_t outermost = kLevels.size();
    Names asked = deriver.over.values();
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const std::string name = asked[i];
      const auto* const level = std::find(kLevels.begin(), kLevels.end(), name);
      outermost = std::min(outermost, static_cast<std::size_t>(level - kLevels.begin()));
      for (const ViewDeriverOptions* other : derivers_) {
        if (other->name != name) continue;
        for (const std::string& next : other->over.values()) {
          if (!contains(asked, next)) asked.push_back(next);
        }
      }
    }
    if (outermost > kDecoratedLevel) return std::nullopt;
    return outermost - 1;
  }

  [[nodiscard]] bool asks_for_place_before_permissions(const ViewDeriverOptions& deriver) const {
    const Names& under = deriver.under.values();
    if (contains(under, kEnds.first) || contains(under, kTimed)) return true;
    return level_above(deriver).value_or(kDecoratedLevel) < kSecuredLevel;
  }

  std::vector<const ViewDeriverOptions*> derivers_;
};

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
  std::vector<const ViewDeriverOptions*> added;
  for (std::size_t i = own_; i < entries_.size(); ++i) added.push_back(&entries_[i].options);
  const Wishes wishes(std::move(added));
  Names names = sorted(wishes.placements(false));
  if (has_under_rendered(names)) names = sorted(wishes.placements(true));
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
