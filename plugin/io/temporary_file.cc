#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <aiopyr/plugin/io/temporary_file.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

namespace {

int open_without_name(const std::string& folder) noexcept {
  return ::open(folder.c_str(), O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
}

int open_and_remove_name(const std::string& folder) {
  std::string name = folder + "/aiopyr-XXXXXX";
  const int fd = ::mkostemp(name.data(), O_CLOEXEC);
  if (fd >= 0) ::unlink(name.c_str());
  return fd;
}

bool is_writable_folder(const char* path) noexcept { return ::access(path, W_OK | X_OK) == 0; }

}  // namespace

TemporaryFile::TemporaryFile(const std::string& folder)
    : folder_(folder), file_(open_without_name(folder)) {
  if (!file_) file_ = aiopyr::detail::Descriptor(open_and_remove_name(folder));
  if (!file_) fail("made");
}

void TemporaryFile::append(std::string_view part) {
  while (!part.empty()) {
    const ssize_t count = ::write(file_.get(), part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail("written");
    part.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::shared_ptr<const FileBody> TemporaryFile::release() { return FileBody::adopt(file_); }

void TemporaryFile::fail(std::string_view what) const {
  const std::string reason = std::generic_category().message(errno);
  throw Error("a temporary file in " + folder_ + " cannot be " + std::string(what) + ": " + reason);
}

std::string temporary_folder(const std::string& wanted) {
  if (!wanted.empty()) return wanted;
  const char* const told = std::getenv("TMPDIR");
  if (told != nullptr && *told != '\0') return told;
  return is_writable_folder("/var/tmp") ? "/var/tmp" : "/tmp";
}

}  // namespace aiopyr::plugin
