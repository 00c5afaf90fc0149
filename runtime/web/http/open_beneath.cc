#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <aiopyr/runtime/web/http/open_beneath.h>

namespace aiopyr::detail {

namespace {

// O_NONBLOCK: opening a FIFO would wait for a writer otherwise.
constexpr int kReadFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

std::string proc_path(const Descriptor& descriptor) {
  return "/proc/self/fd/" + std::to_string(descriptor.get());
}

/// Returns the path of an open descriptor; empty if it is unknown.
std::string place_of(const Descriptor& descriptor) {
  std::array<char, PATH_MAX> place;
  const ssize_t length = ::readlink(proc_path(descriptor).c_str(), place.data(), place.size());
  if (length <= 0 || static_cast<std::size_t>(length) == place.size()) return {};
  return {place.data(), static_cast<std::size_t>(length)};
}

bool lies_beneath(const std::string& place, std::string folder) {
  if (place.empty() || folder.empty()) return false;
  if (place == folder) return true;
  if (folder.back() != '/') folder += '/';
  return place.starts_with(folder);
}

Descriptor open_by_kernel(const Descriptor& folder, const std::string& name) noexcept {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(kReadFlags);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  return Descriptor(
      static_cast<int>(::syscall(SYS_openat2, folder.get(), name.c_str(), &how, sizeof how)));
}

Descriptor open_by_place(const Descriptor& folder, const std::string& name) noexcept {
  const Descriptor found(::openat(folder.get(), name.c_str(), O_PATH | O_CLOEXEC));
  if (!found) return {};
  if (!lies_beneath(place_of(found), place_of(folder))) {
    errno = ENOENT;
    return {};
  }
  return Descriptor(::open(proc_path(found).c_str(), kReadFlags));
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Descriptor open_folder(const std::string& path) noexcept {
  return Descriptor(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

Descriptor open_beneath(const Descriptor& folder, const std::string& name) noexcept {
  Descriptor file = open_by_kernel(folder, name);
  if (file) return file;
  const bool is_undecided = errno == EXDEV || errno == ENOSYS || errno == EPERM || errno == EAGAIN;
  return is_undecided ? open_by_place(folder, name) : Descriptor();
}

}  // namespace aiopyr::detail
