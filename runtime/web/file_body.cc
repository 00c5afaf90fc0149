#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/file_body.h>
#include <aiopyr/runtime/web/httpexceptions.h>

namespace aiopyr {
namespace {

[[noreturn]] void throw_open_error(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
    case ENAMETOOLONG:
    case ENXIO:
      throw HTTPNotFound();
    case EACCES:
    case EPERM:
      throw HTTPForbidden();
    default:
      throw Error("A file could not be opened: errno " + std::to_string(error) + ".");
  }
}

int open_for_reading(const std::string& path) {
  if (path.find('\0') != std::string::npos) throw HTTPNotFound();
  // O_NONBLOCK: opening a FIFO would wait for a writer otherwise.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) throw_open_error(errno);
  return fd;
}

}  // namespace

std::shared_ptr<const FileBody> FileBody::open(const std::string& path) {
  const int fd = open_for_reading(path);
  std::shared_ptr<FileBody> file(new FileBody(fd));
  struct stat status {};
  if (::fstat(fd, &status) != 0) throw_open_error(errno);
  if (!S_ISREG(status.st_mode)) throw HTTPNotFound();
  file->size_ = static_cast<std::uint64_t>(status.st_size);
  file->modified_ = std::chrono::system_clock::from_time_t(status.st_mtime);
  return file;
}

FileBody::~FileBody() { ::close(fd_); }

}  // namespace aiopyr
