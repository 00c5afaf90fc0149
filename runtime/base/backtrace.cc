#include <array>
#include <charconv>
#include <dlfcn.h>
#include <mutex>
#include <string>
#include <string_view>
#include <unistd.h>
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

/// Removes what compilers add to the name of a coroutine's body, which is a function of its own:
/// `f(f(A)::_Z1fA.Frame*) [clone .actor]` becomes `f`.
std::string without_clone(std::string name) {
  const std::size_t clone = name.find(" [clone .");
  if (clone == std::string::npos) return name;
  const bool is_coroutine = name.find(".Frame*)") != std::string::npos;
  name.erase(clone);
  if (is_coroutine) name.erase(name.find('('));
  return name;
}

constexpr std::string_view kDescriptors = "/proc/self/fd/";

/// Returns the path by which this process opens a library. A library loaded from a descriptor is
/// named `/proc/PID/fd/N` after the process that loaded it; this process may be its child, which is
/// not allowed to look into that folder.
std::string own_path(const std::string& path) {
  constexpr std::string_view kProcesses = "/proc/";
  const std::size_t id = path.find_first_not_of("0123456789", kProcesses.size());
  if (!path.starts_with(kProcesses) || id == kProcesses.size() || id == std::string::npos) {
    return path;
  }
  constexpr std::string_view kFolder = "/fd/";
  if (std::string_view(path).substr(id, kFolder.size()) != kFolder) return path;
  return std::string(kDescriptors).append(path, id + kFolder.size());
}

/// Returns the name of a library's file, without its folders. A library loaded from a copy in
/// memory has the name that was given to the copy (man 2 memfd_create).
std::string file_name(const std::string& path) {
  constexpr std::string_view kInMemory = "/memfd:";
  constexpr std::string_view kUnlinked = " (deleted)";
  if (path.starts_with(kDescriptors)) {
    std::array<char, 512> target{};
    const auto size = ::readlink(path.c_str(), target.data(), target.size());
    std::string_view name(target.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    if (name.starts_with(kInMemory)) {
      name.remove_prefix(kInMemory.size());
      if (name.ends_with(kUnlinked)) name.remove_suffix(kUnlinked.size());
      return std::string(name);
    }
  }
  return path.substr(path.rfind('/') + 1);
}

CodePlace find_place(const void* return_address) {
  // Looks up the call, not the return address: the call may be its function's last instruction.
  const auto call = reinterpret_cast<std::uintptr_t>(return_address) - 1;
  Dl_info info{};
  if (::dladdr(reinterpret_cast<const void*>(call), &info) == 0) return {};
  CodePlace place;
  const std::string path = own_path(info.dli_fname);
  place.file = file_name(path);
  place.offset = call - reinterpret_cast<std::uintptr_t>(info.dli_fbase);
  const std::string symbol =
      info.dli_sname != nullptr ? info.dli_sname : find_enclosing_symbol(path, place.offset);
  if (!symbol.empty()) place.function = without_clone(demangle(symbol.c_str()));
  return place;
}

/// Caches the places that were looked up. Their number is that of the code places that report
/// exceptions; the limit protects against a program that reports from ever new places.
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
  // Never destroyed, since exceptions are reported until the very end of the process.
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
