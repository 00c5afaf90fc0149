#include <algorithm>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/join.h>
#include <aiopyr/runtime/web/url/matchdict.h>

namespace aiopyr {
MatchDict::Part& MatchDict::part(std::string name) {
  for (Part& existing : parts_) {
    if (existing.name == name) return existing;
  }
  parts_.push_back({std::move(name), {}, {}});
  return parts_.back();
}

const MatchDict::Part* MatchDict::find(std::string_view name) const noexcept {
  const auto found = std::find_if(parts_.begin(), parts_.end(),
                                  [name](const Part& part) { return part.name == name; });
  return found == parts_.end() ? nullptr : &*found;
}

void MatchDict::set(std::string name, std::string value) {
  Part& target = part(std::move(name));
  target.text = std::move(value);
  target.segments.clear();
  target.is_rest = false;
}

void MatchDict::set(std::string name, std::vector<std::string> segments) {
  Part& target = part(std::move(name));
  target.text = join(segments, "/");
  target.segments = std::move(segments);
  target.is_rest = true;
}

bool MatchDict::contains(std::string_view name) const noexcept { return find(name) != nullptr; }

const std::string& MatchDict::operator[](std::string_view name) const& {
  if (const Part* found = find(name)) return found->text;
  std::string message = "The matched route has no part named '" + std::string(name) + "'";
  for (const Part& known : parts_) {
    message += (&known == &parts_.front() ? "; it has '" : ", '") + known.name + "'";
  }
  throw Error(message + ".");
}

const std::vector<std::string>& MatchDict::segments(std::string_view name) const& {
  const Part* found = find(name);
  if (found == nullptr || !found->is_rest) {
    throw Error("The matched route has no part '*" + std::string(name) +
                "' with segments; read a {name} with matchdict()[\"name\"].");
  }
  return found->segments;
}

std::vector<MultiDict::Item> MatchDict::items() const {
  std::vector<MultiDict::Item> items;
  for (const Part& part : parts_) items.emplace_back(part.name, part.text);
  return items;
}

}  // namespace aiopyr
