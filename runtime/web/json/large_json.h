#pragma once

#include <utility>

#include <aiopyr/runtime/web/json/json.h>

/// Handles values so large that work on them delays everything else on the loop: code that can wait
/// lets a thread do it (call_aside(), executor_call.h). Any thread.
namespace aiopyr::detail {

/// Returns whether a value is large: more than some 2,000 values in it, or 32 KiB of text, or
/// nested deeper than a fiber's stack should have to follow. Looks at no more than that.
[[nodiscard]] bool is_large(const Json& value) noexcept;

/// Frees a value: a large one in a thread of the loop's executor, unless there is no loop here or
/// no place left there.
void free_aside(Json value) noexcept;

/// Frees a value with free_aside() at the end of a block.
class FreedAside {
 public:
  explicit FreedAside(Json& value) noexcept : value_(value) {}
  ~FreedAside() { free_aside(std::move(value_)); }
  FreedAside(const FreedAside&) = delete;
  FreedAside& operator=(const FreedAside&) = delete;

 private:
  Json& value_;
};

}  // namespace aiopyr::detail
