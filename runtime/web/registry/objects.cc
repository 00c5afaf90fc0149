#include <algorithm>
#include <exception>
#include <utility>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/registry/objects.h>

namespace aiopyr::detail {

namespace {

std::string describe_object(const std::type_info& type, std::string_view name) {
  std::string text = type_name(type);
  if (!name.empty()) text += " named '" + std::string(name) + "'";
  return text;
}

}  // namespace

void RegistryObjects::add(const std::type_info& type, std::string name,
                          std::shared_ptr<void> object, std::function<Task<>()> close) {
  if (find(type, name) != nullptr) {
    throw ConfigurationError("the registry has an object of type " + describe_object(type, name) +
                             " already: give another one a name of its own");
  }
  entries_.push_back({&type, std::move(name), std::move(object), std::move(close)});
}

void* RegistryObjects::find(const std::type_info& type, std::string_view name) const noexcept {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return *entry.type == type && entry.name == name;
  });
  return found == entries_.end() ? nullptr : found->object.get();
}

void* RegistryObjects::get(const std::type_info& type, std::string_view name) const {
  if (void* object = find(type, name)) return object;
  throw KeyError("the registry has no object of type " + describe_object(type, name) +
                 ": add it in config.on_worker_start([](Registry& registry) { "
                 "registry.emplace<...>(...); })");
}

Task<> RegistryObjects::close_all() {
  for (std::size_t left = entries_.size(); left > 0; --left) {
    if (!entries_[left - 1].close) continue;
    try {
      Task<> closing = entries_[left - 1].close();
      co_await std::move(closing);
    } catch (const std::exception&) {
      Loop::report_exception(
          std::current_exception(),
          "closing " + describe_object(*entries_[left - 1].type, entries_[left - 1].name));
    }
  }
}

void RegistryObjects::destroy_all() noexcept {
  while (!entries_.empty()) entries_.pop_back();
}

}  // namespace aiopyr::detail
