#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/file_body.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/http/open_beneath.h>

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

std::chrono::system_clock::time_point time_of(const timespec& time) {
  using std::chrono::system_clock;
  return system_clock::from_time_t(time.tv_sec) +
         std::chrono::duration_cast<system_clock::duration>(std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace

std::shared_ptr<const FileBody> FileBody::open(const std::string& path) {
  detail::Descriptor descriptor(open_for_reading(path));
  auto file = adopt(descriptor);
  if (!file) throw HTTPNotFound();
  return file;
}

std::shared_ptr<const FileBody> FileBody::adopt(detail::Descriptor& descriptor) {
  if (!descriptor) return nullptr;
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0) throw_open_error(errno);
  if (!S_ISREG(status.st_mode)) return nullptr;
  std::shared_ptr<FileBody> file(new FileBody);
  file->fd_ = descriptor.release();
  file->size_ = static_cast<std::uint64_t>(status.st_size);
  file->inode_ = static_cast<std::uint64_t>(status.st_ino);
  file->modified_ = time_of(status.st_mtim);
  return file;
}

FileBody::~FileBody() {
  if (fd_ >= 0) ::close(fd_);
}

std::string FileBody::etag() const {
  constexpr int kHexadecimal = 16;
  const auto time = static_cast<std::uint64_t>(modified_.time_since_epoch().count());
  std::array<char, 3 * sizeof(std::uint64_t) * 2 + 2> text;
  char* end = text.data();
  for (const std::uint64_t part : {inode_, size_, time}) {
    if (end != text.data()) *end++ = '-';
    end = std::to_chars(end, text.data() + text.size(), part, kHexadecimal).ptr;
  }
  return {text.data(), end};
}

bool FileBody::is_fresh() const noexcept {
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  // Allows for the granularity of times: the kernel's clock has steps of some milliseconds. A time
  // in whole seconds comes from a file system that stores seconds or, as FAT, two.
  const bool is_coarse = modified_.time_since_epoch() % seconds(1) == seconds(0);
  const auto age = std::chrono::system_clock::now() - modified_;
  return age < (is_coarse ? milliseconds(2000) : milliseconds(100));
}

std::string FileBody::read(std::uint64_t offset, std::size_t length) const {
  std::string bytes(length, '\0');
  if (const int error = read_into(bytes, offset)) throw_unreadable(error);
  if (bytes.size() < length) throw_shortened();
  return bytes;
}

std::optional<std::string> FileBody::read_if_there(std::uint64_t offset, std::size_t length) const {
  std::string bytes(length, '\0');
  if (read_into(bytes, offset) != 0 || bytes.size() < length) return std::nullopt;
  return bytes;
}

int FileBody::read_into(std::string& bytes, std::uint64_t offset) const {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count =
        ::pread(fd_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return 0;
}

std::string FileBody::name() const {
  std::array<char, PATH_MAX> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(fd_);
  const ssize_t size = ::readlink(link.c_str(), path.data(), path.size());
  return {path.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

void FileBody::throw_shortened() const {
  throw FileShortenedError("the file '" + name() +
                           "' could not be sent to its end: it has become shorter");
}

void FileBody::throw_unreadable(int error) const {
  throw Error("the file '" + name() +
              "' could not be read: " + std::generic_category().message(error));
}

}  // namespace aiopyr
