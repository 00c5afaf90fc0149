#pragma once

#include <cstddef>
#include <cstdint>

/// Makes a system call of this program fail on purpose. failing_calls.cc defines the C library's
/// functions of these names, so that the libraries of the program call those instead of the C
/// library's own. Only calls on sockets count, beside look-ups and the loop's wait.
namespace faults {

enum class Call : std::uint8_t {
  kSocket,
  kConnect,
  kGetsockopt,
  kSetsockopt,
  kGetsockname,
  kFcntl,
  kPoll,
  kWrite,
  kRead,
  kEpollCtl,
  kEpollWait,
  kLookUp,
  kPair,  ///< a pair of sockets
};

/// Stand for ways in which a call ends without an errno.
inline constexpr int kShort = -1001;      ///< a read or a write moves one byte
inline constexpr int kEndOfFile = -1002;  ///< a read says that the server has closed

/// The call number `position` of a kind, from 0, and what becomes of it: an errno, one of the
/// above, or for look-ups an error of getaddrinfo(). With EINTR and EINPROGRESS, a connect() begins
/// all the same, as it does in truth.
struct Fault {
  Call call = Call::kSocket;
  int error = 0;
  std::uint32_t position = 0;
};

/// Lets that call fail, once. Any thread may make the call.
void arm(const Fault& fault) noexcept;
/// Lets all calls succeed again; returns whether one has failed.
bool disarm() noexcept;
/// Says whether all reads and writes move one byte.
void move_one_byte(bool does) noexcept;
/// Returns how often the loop has begun to wait, since arm().
std::size_t waits() noexcept;

}  // namespace faults
