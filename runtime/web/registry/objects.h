#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr::detail {

/// A class whose objects have to be closed while the loop still runs.
template <class T>
concept Closable = requires(T& object) {
  { object.close() } -> std::same_as<Task<>>;
};

/// The objects that an app keeps for its requests, found by their type: pools of connections,
/// caches, counters. The part of a Registry that changes after the app was made.
class RegistryObjects {
 public:
  /// Adds an object. `close` ends it, or is empty. Throws ConfigurationError where there is one of
  /// that type and name.
  void add(const std::type_info& type, std::string name, std::shared_ptr<void> object,
           std::function<Task<>()> close);

  /// Returns the object; null where there is none.
  [[nodiscard]] void* find(const std::type_info& type, std::string_view name) const noexcept;
  /// Returns the object. Throws KeyError that says how to add one.
  [[nodiscard]] void* get(const std::type_info& type, std::string_view name) const;

  /// Closes the objects that can be closed, the last one first. An exception goes to the loop's
  /// exception handler, and does not keep the others open.
  [[nodiscard]] Task<> close_all();
  /// Destroys all objects, the last one first.
  void destroy_all() noexcept;

  RegistryObjects() = default;
  ~RegistryObjects() { destroy_all(); }
  RegistryObjects(const RegistryObjects&) = delete;
  RegistryObjects& operator=(const RegistryObjects&) = delete;

 private:
  struct Entry {
    const std::type_info* type;
    std::string name;
    std::shared_ptr<void> object;
    std::function<Task<>()> close;
  };
  std::vector<Entry> entries_;  // few: an app has one or two pools
};

}  // namespace aiopyr::detail
