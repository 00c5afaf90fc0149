#pragma once

#include <cstddef>
#include <span>
#include <sys/uio.h>

namespace aiopyr {

/// A connected, non-blocking stream of bytes that a protocol owns, as after an HTTP upgrade.
///
/// Used on the loop thread only. Nothing here blocks or throws. The destructor closes the stream
/// at once; a protocol that wants an orderly end calls shutdown_write() first and reads to the end.
class Transport {
 public:
  enum class Status {
    kOk,         ///< some bytes were moved
    kWantRead,   ///< nothing moved; try again once fd() is readable
    kWantWrite,  ///< nothing moved; try again once fd() is writable
    kEndOfFile,  ///< the peer has closed its side in order
    kError,      ///< the stream is broken; `error` holds errno, or 0 where there is none
  };
  struct Result {
    Status status = Status::kOk;
    std::size_t bytes = 0;
    int error = 0;
  };

  virtual ~Transport() = default;

  /// Reads at most buffer.size() bytes. TLS streams may want to write first.
  virtual Result read(std::span<std::byte> buffer) noexcept = 0;

  /// Writes from the buffers in order; a partial write is kOk with fewer bytes.
  virtual Result write(std::span<const iovec> buffers) noexcept = 0;

  /// Returns whether read() has bytes already taken off the socket (TLS), which make no fd event.
  [[nodiscard]] virtual bool has_buffered_input() const noexcept { return false; }

  /// Tells the peer that nothing more will be written.
  virtual void shutdown_write() noexcept = 0;

  /// Gives up the stream without closing it: its new owner closes it. Afterwards only the
  /// destructor may be called.
  virtual void disown() noexcept = 0;

  /// Makes the destructor end the stream so that the peer can tell that something is missing, and
  /// nothing is kept for it: TCP resets, TLS sends no closure alert (RFC 8446 section 6.1).
  virtual void cut_off() noexcept {}

  /// Returns the descriptor to watch; it stays the same for the life of the transport.
  [[nodiscard]] virtual int fd() const noexcept = 0;
};

}  // namespace aiopyr
