#include <string_view>

#include <aiopyr/runtime/web/json/json_builder.h>

namespace aiopyr::detail {
namespace {

using Member = JsonBuilder::Object::value_type;

// The size up to which a linear search is faster than the index.
constexpr std::size_t kSmallObject = 16;

/// Returns the vector below nlohmann's ordered map, which appends without looking up the name.
JsonBuilder::Object::Container& members_of(Json& object) {
  return object.get_ref<JsonBuilder::Object&>();
}

/// Returns nlohmann's message behind its code and position, without the text that it has read: that
/// may be long and need not be UTF-8.
std::string reason_of(std::string_view what) {
  for (const std::string_view lead : {"column ", "] "}) {
    const auto at = what.rfind(lead);
    if (at == std::string_view::npos) continue;
    const auto colon = what.find(": ", at);
    what.remove_prefix(colon == std::string_view::npos ? at + lead.size() : colon + 2);
    break;
  }
  what = what.substr(0, what.find("; last read"));
  return std::string(what.substr(0, what.find(" parsing '")));
}

}  // namespace

bool JsonBuilder::key(string_t& name) {
  Level& level = levels_.back();
  auto& members = members_of(*level.container);
  if (members.size() < kSmallObject) {
    level.member = &(*level.container)[name];
    return true;
  }
  if (level.index.empty()) {
    for (std::size_t i = 0; i < members.size(); ++i) level.index.emplace(members[i].first, i);
  }
  const auto [entry, is_new] = level.index.try_emplace(name, members.size());
  if (is_new) members.emplace_back(std::move(name), Json());
  level.member = &members[entry->second].second;
  return true;
}

bool JsonBuilder::number_float(number_float_t value, const string_t& text) {
  // nlohmann's parser makes a floating point number of an integer that does not fit into 64 bits.
  if (text.find_first_of(".eE") == string_t::npos) throw JsonIntegerTooLarge{text};
  return put(value);
}

bool JsonBuilder::parse_error(std::size_t position, const std::string&,
                              const nlohmann::detail::exception& error) {
  throw JsonSyntaxError{position, reason_of(error.what())};
}

Json& JsonBuilder::place() {
  if (levels_.empty()) return root_;
  Level& level = levels_.back();
  if (level.container->is_object()) return *level.member;
  return level.container->emplace_back();
}

bool JsonBuilder::put(Json value) {
  place() = std::move(value);
  return true;
}

bool JsonBuilder::open(Json container) {
  if (levels_.size() == max_depth_) {
    too_deep_ = true;
    return false;
  }
  Json& target = place();
  target = std::move(container);
  levels_.push_back({&target});
  return true;
}

bool JsonBuilder::close() {
  levels_.pop_back();
  return true;
}

}  // namespace aiopyr::detail
