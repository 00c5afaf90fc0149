#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <iterator>
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

/// Returns the names by path. Never destroyed: apps may be loaded while the process ends.
std::map<std::string, std::string>& names() {
  static auto& kept = *new std::map<std::string, std::string>;
  return kept;
}

/// Returns whether a library searches its own folder for others, which a copy does not have.
bool looks_beside_itself(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  return bytes.find("$ORIGIN") != std::string::npos || bytes.find("${ORIGIN}") != std::string::npos;
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
  if (is_whole) return copy;
  if (copy >= 0) ::close(copy);
  return -1;
}

}  // namespace

const std::string& name_of_private_copy(const std::string& path) {
  const auto known = names().find(path);
  if (known != names().end()) return known->second;
  const int copy = looks_beside_itself(path) ? -1 : copy_to_memory(path);
  // The descriptor stays open: its name is the library's, from which symbols are read later; also
  // by debuggers, for which `self` would be another process.
  const std::string name =
      copy < 0 ? path : "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(copy);
  return names().emplace(path, name).first->second;
}

void give_up_private_copy(const std::string& path) { names()[path] = path; }

}  // namespace aiopyr::plugin
