#include <array>
#include <charconv>
#include <dlfcn.h>
#include <mutex>
#include <unordered_map>
#include <unwind.h>

#include <aiopyr/runtime/base/backtrace.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/symbol_table.h>

namespace aiopyr {

namespace {

struct Walk {
  std::array<void*, Backtrace::kMost>* frames;
  std::size_t count = 0;
  std::size_t to_skip = 0;
};

_Unwind_Reason_Code note_frame(_Unwind_Context* context, void* argument) {
  auto& walk = *static_cast<Walk*>(argument);
  const auto address = _Unwind_GetIP(context);
  if (address == 0 || walk.count == walk.frames->size()) return _URC_END_OF_STACK;
  if (walk.to_skip > 0) {
    --walk.to_skip;
  } else {
    (*walk.frames)[walk.count++] = reinterpret_cast<void*>(address);
  }
  return _URC_NO_REASON;
}

/// The body of a coroutine is a function of its own, `f(f(A)::_Z1fA.Frame*) [clone .actor]`: here
/// it is `f`.
std::string without_clone(std::string name) {
  const std::size_t clone = name.find(" [clone .");
  if (clone == std::string::npos) return name;
  const bool is_coroutine = name.find(".Frame*)") != std::string::npos;
  name.erase(clone);
  if (is_coroutine) name.erase(name.find('('));
  return name;
}

CodePlace find_place(const void* return_address) {
  // The call that has not returned is what is meant, and may be its function's last instruction.
  const auto call = reinterpret_cast<std::uintptr_t>(return_address) - 1;
  Dl_info info{};
  if (::dladdr(reinterpret_cast<const void*>(call), &info) == 0) return {};
  CodePlace place;
  const std::string path = info.dli_fname;
  place.file = path.substr(path.rfind('/') + 1);
  place.offset = call - reinterpret_cast<std::uintptr_t>(info.dli_fbase);
  const std::string symbol =
      info.dli_sname != nullptr ? info.dli_sname : find_enclosing_symbol(path, place.offset);
  if (!symbol.empty()) place.function = without_clone(demangle(symbol.c_str()));
  return place;
}

/// The places that have been asked for. There are as many as exceptions are reported from, so the
/// limit is for what nobody thought of.
class KnownPlaces {
 public:
  CodePlace find(const void* address) {
    const std::lock_guard guard(mutex_);
    const auto known = places_.find(address);
    if (known != places_.end()) return known->second;
    constexpr std::size_t kLimit = 4096;
    if (places_.size() >= kLimit) places_.clear();
    return places_.emplace(address, find_place(address)).first->second;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<const void*, CodePlace> places_;
};

}  // namespace

__attribute__((noinline)) Backtrace Backtrace::here(std::size_t skip) noexcept {
  Backtrace trace;
  Walk walk{&trace.frames_, 0, skip + 1};
  _Unwind_Backtrace(note_frame, &walk);
  trace.count_ = walk.count;
  return trace;
}

CodePlace code_place(const void* return_address) {
  // Never destroyed: exceptions are reported to the very end.
  static auto* const places = new KnownPlaces;
  return places->find(return_address);
}

std::string to_string(const CodePlace& place) {
  std::array<char, 2 * sizeof place.offset> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), place.offset, 16).ptr;
  const std::string offset(text.data(), end);
  return (place.function.empty() ? "?" : place.function) + " in " +
         (place.file.empty() ? "?" : place.file) + "+0x" + offset;
}

}  // namespace aiopyr
