#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <aiopyr/runtime/base/errors.h>

namespace aiopyr {

namespace detail {
class Descriptor;
}

/// Thrown if a file has less in it than when it was opened: its writer overwrites it instead of
/// moving a new file to its place.
class FileShortenedError : public Error {
 public:
  using Error::Error;
};

/// An open regular file that is sent as a body. Shared by the copies of a response; closed with the
/// last. Immutable, but for the file offset: read it with pread or sendfile and an own offset.
class FileBody {
 public:
  /// Opens `path` for reading. Throws HTTPNotFound if there is no such regular file, HTTPForbidden
  /// if it may not be read; neither shows the path to the client.
  [[nodiscard]] static std::shared_ptr<const FileBody> open(const std::string& path);

  /// Takes over a descriptor, which the last owner closes. Returns null if it is invalid or not
  /// that of a regular file; then the caller keeps it, as when this throws.
  [[nodiscard]] static std::shared_ptr<const FileBody> adopt(detail::Descriptor& descriptor);

  ~FileBody();
  FileBody(const FileBody&) = delete;
  FileBody& operator=(const FileBody&) = delete;

  [[nodiscard]] int fd() const noexcept { return fd_; }
  /// Returns the size in bytes when it was opened; a file that grows later is sent up to that size.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] std::chrono::system_clock::time_point modified() const noexcept {
    return modified_;
  }
  /// Identifies this state of this file by inode, size and time of modification: the part of an
  /// ETag between the quotes.
  [[nodiscard]] std::string etag() const;
  /// Returns whether it was modified so recently that another modification could get the same time:
  /// its ETag has to be a weak one then (RFC 9110 section 8.8.1).
  [[nodiscard]] bool is_fresh() const noexcept;
  /// Reads a part into memory. Throws FileShortenedError if the file has become shorter, and Error
  /// if the disk fails.
  [[nodiscard]] std::string read(std::uint64_t offset, std::size_t length) const;
  /// Reads a part into memory; returns nullopt if it cannot be read.
  [[nodiscard]] std::optional<std::string> read_if_there(std::uint64_t offset,
                                                         std::size_t length) const;
  /// Throws FileShortenedError, which names the file.
  [[noreturn]] void throw_shortened() const;
  /// Throws Error for an errno of reading it, which names the file.
  [[noreturn]] void throw_unreadable(int error) const;

 private:
  FileBody() = default;

  [[nodiscard]] std::string name() const;
  /// Fills `bytes` from `offset` on; makes them shorter if the file is. Returns an errno, or 0.
  [[nodiscard]] int read_into(std::string& bytes, std::uint64_t offset) const;

  int fd_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t inode_ = 0;
  std::chrono::system_clock::time_point modified_;
};

}  // namespace aiopyr
