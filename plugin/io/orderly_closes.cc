#include <array>
#include <cstddef>
#include <utility>

#include <aiopyr/plugin/io/orderly_closes.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>
#include <aiopyr/runtime/async/waits/fd_wait.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

namespace {

/// The most connections of refused requests that are waited for.
constexpr std::size_t kMostRefused = 100;

/// What is read away at once of a client that is not waited for.
constexpr std::size_t kMostAtOnce = std::size_t{1} << 20U;

/// Reads what is there, `bytes` at most. Returns whether more may come.
bool read_away_now(Transport& transport, std::size_t& read, std::size_t bytes) noexcept {
  std::array<std::byte, 16384> sink;
  while (read < bytes) {
    const auto result = transport.read(sink);
    read += result.bytes;
    if (result.status == Transport::Status::kWantRead) return true;
    if (result.status != Transport::Status::kOk) return false;
  }
  return false;
}

Task<> read_away(Transport& transport, std::size_t bytes) {
  std::size_t read = 0;
  while (read_away_now(transport, read, bytes)) {
    static_cast<void>(co_await wait_readable(transport.fd()));
  }
}

Task<> close(std::unique_ptr<Transport> transport, LingeringLimits limits) {
  transport->shutdown_write();
  if (limits.time <= 0) co_return;
  try {
    co_await wait_for(read_away(*transport, limits.bytes), limits.time);
  } catch (const TimeoutError&) {
    co_return;
  }
}

/// Counts while it lives.
class Counted {
 public:
  explicit Counted(std::shared_ptr<std::size_t> count) noexcept : count_(std::move(count)) {
    ++*count_;
  }
  ~Counted() { --*count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::shared_ptr<std::size_t> count_;
};

Task<> close_refused(std::unique_ptr<Transport> transport, LingeringLimits limits,
                     std::shared_ptr<std::size_t> count) {
  const Counted counted(std::move(count));
  co_await close(std::move(transport), limits);
}

}  // namespace

void OrderlyCloses::add(std::unique_ptr<Transport> transport) {
  spawn(close(std::move(transport), limits_));
}

void OrderlyCloses::add_refused(std::unique_ptr<Transport> transport) {
  if (*refused_ < kMostRefused) {
    spawn(close_refused(std::move(transport), limits_, refused_));
    return;
  }
  transport->shutdown_write();
  std::size_t read = 0;
  static_cast<void>(read_away_now(*transport, read, kMostAtOnce));
}

}  // namespace aiopyr::plugin
