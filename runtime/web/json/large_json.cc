#include <cstddef>
#include <memory>

#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/async/executor/executor_call.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/web/json/large_json.h>

namespace aiopyr::detail {

namespace {

/// The bytes of a value that may still be looked at; each value in it counts as some of them.
class Allowance {
 public:
  /// Returns false if the value has more.
  bool covers(const Json& value, int depth) noexcept {
    if (!take(kOfAValue) || depth > kDeepest) return false;
    switch (value.type()) {
      case Json::value_t::string:
        return take(value.get_ref<const std::string&>().size());
      case Json::value_t::binary:
        return take(value.get_binary().size());
      case Json::value_t::array:
        for (const Json& element : value.get_ref<const Json::array_t&>()) {
          if (!covers(element, depth + 1)) return false;
        }
        return true;
      case Json::value_t::object:
        for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) {
          if (!take(name.size()) || !covers(member, depth + 1)) return false;
        }
        return true;
      default:
        return true;
    }
  }

 private:
  static constexpr std::size_t kOfAValue = 16;
  static constexpr int kDeepest = 100;

  bool take(std::size_t bytes) noexcept {
    if (bytes > left_) return false;
    left_ -= bytes;
    return true;
  }

  std::size_t left_ = kLargeBytes;
};

}  // namespace

bool is_large(const Json& value) noexcept { return !Allowance().covers(value, 0); }

void free_aside(Json value) noexcept {
  if (!value.is_structured() && !value.is_string()) return;
  if (!is_large(value)) return;
  Loop* const loop = Loop::current();
  if (loop == nullptr) return;
  try {
    // Holds the value for the job, which moves it out, and frees it on its thread.
    auto kept = std::make_shared<Json>(std::move(value));
    loop->default_executor().submit([kept] { const Json freed = std::move(*kept); });
  } catch (...) {
    // Frees the value here: there is no memory for a job, or no place for it.
  }
}

}  // namespace aiopyr::detail
