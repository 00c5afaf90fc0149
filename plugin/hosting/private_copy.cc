#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <map>
#include <string_view>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <aiopyr/plugin/hosting/private_copy.h>

namespace aiopyr::plugin {

namespace {

/// The copy that is loaded for a path: its descriptor and name; -1 and the path if there is none.
struct Copy {
  int fd;
  std::string name;
};

/// Returns the copies by their paths. Never destroyed: apps may be loaded while the process ends.
std::map<std::string, Copy>& copies() {
  static auto& kept = *new std::map<std::string, Copy>;
  return kept;
}

/// Returns whether a library looks for others in its own folder, in which a copy is not.
bool looks_beside_itself(int copy) noexcept {
  struct stat status {};
  if (::fstat(copy, &status) != 0 || status.st_size == 0) return true;
  const auto size = static_cast<std::size_t>(status.st_size);
  void* const memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, copy, 0);
  if (memory == MAP_FAILED) return true;
  const std::string_view bytes(static_cast<const char*>(memory), size);
  const bool looks = bytes.find("$ORIGIN") != std::string_view::npos ||
                     bytes.find("${ORIGIN}") != std::string_view::npos;
  ::munmap(memory, size);
  return looks;
}

/// Returns whether so many bytes may be written: more would end the process (SIGXFSZ).
bool may_write(off_t size) noexcept {
  rlimit limit{};
  return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
         (limit.rlim_cur == RLIM_INFINITY || static_cast<rlim_t>(size) <= limit.rlim_cur);
}

bool copy_all(int from, int to) noexcept {
  struct stat status {};
  if (::fstat(from, &status) != 0 || !may_write(status.st_size)) return false;
  for (off_t copied = 0; copied < status.st_size;) {
    const ssize_t count =
        ::sendfile(to, from, nullptr, static_cast<std::size_t>(status.st_size - copied));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    copied += count;
  }
  return true;
}

/// Returns a descriptor of a copy in memory, with the file's name; -1 if there can be none.
int copy_to_memory(const std::string& path) {
  constexpr std::size_t kLongestName = 200;
  const int from = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (from < 0) return -1;
  const std::string name = path.substr(path.rfind('/') + 1).substr(0, kLongestName);
  const int copy = ::memfd_create(name.c_str(), MFD_CLOEXEC);
  const bool is_whole = copy >= 0 && copy_all(from, copy);
  ::close(from);
  if (is_whole && !looks_beside_itself(copy)) return copy;
  if (copy >= 0) ::close(copy);
  return -1;
}

}  // namespace

const std::string& name_of_private_copy(const std::string& path) {
  const auto known = copies().find(path);
  if (known != copies().end()) return known->second.name;
  const int copy = copy_to_memory(path);
  // Stays open: the name is that of the library, from which symbols are read later; by debuggers
  // too, for whom `self` would be another process.
  const std::string name =
      copy < 0 ? path : "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(copy);
  return copies().emplace(path, Copy{copy, name}).first->second.name;
}

void give_up_private_copy(const std::string& path) {
  const auto known = copies().find(path);
  if (known == copies().end() || known->second.fd < 0) return;
  ::close(known->second.fd);
  known->second = {-1, path};
}

}  // namespace aiopyr::plugin
