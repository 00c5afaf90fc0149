#include <array>
#include <cstddef>
#include <utility>

#include <aiopyr/plugin/io/orderly_closes.h>
#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/loop/timer.h>

namespace aiopyr::plugin {

namespace {

/// The most bytes that are read at once from a client that is not waited for.
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

}  // namespace

/// A connection whose client is waited for.
class OrderlyCloses::Close final : public ListHook {
 public:
  Close(OrderlyCloses& all, std::unique_ptr<Transport> transport, bool is_refused) noexcept
      : all_(all), transport_(std::move(transport)), is_refused_(is_refused) {}

  [[nodiscard]] bool is_refused() const noexcept { return is_refused_; }

  /// Reads what has come. Returns whether there may be more, in time.
  [[nodiscard]] bool read_on() noexcept {
    return read_away_now(*transport_, read_, all_.limits_.bytes);
  }
  void wait() {
    watch_.start(all_.loop_, transport_->fd(), FdEvents::kRead);
    deadline_.start_after(all_.loop_, to_duration(all_.limits_.time));
  }

 private:
  class Watch final : public FdWatch {
   public:
    explicit Watch(Close& close) noexcept : close_(close) {}

   private:
    void on_ready(FdEvents) override {
      if (!close_.read_on()) close_.all_.remove(close_);
    }
    Close& close_;
  };

  class Deadline final : public Timer {
   public:
    explicit Deadline(Close& close) noexcept : close_(close) {}

   private:
    void on_timer() override { close_.all_.remove(close_); }
    Close& close_;
  };

  OrderlyCloses& all_;
  std::unique_ptr<Transport> transport_;
  bool is_refused_;
  std::size_t read_ = 0;
  Watch watch_{*this};
  Deadline deadline_{*this};
};

OrderlyCloses::OrderlyCloses(Loop& loop, const LingeringLimits& limits) noexcept
    : loop_(loop), limits_(limits) {}

OrderlyCloses::~OrderlyCloses() {
  closes_.for_each([](Close& close) { delete &close; });
}

void OrderlyCloses::add(std::unique_ptr<Transport> transport) {
  if (count_ >= limits_.most) give_up(1);
  wait_for(std::move(transport), false);
}

void OrderlyCloses::add_refused(std::unique_ptr<Transport> transport) {
  if (refused_ < kMostRefused && count_ < limits_.most) return wait_for(std::move(transport), true);
  transport->shutdown_write();
  std::size_t read = 0;
  static_cast<void>(read_away_now(*transport, read, kMostAtOnce));
}

void OrderlyCloses::wait_for(std::unique_ptr<Transport> transport, bool is_refused) {
  transport->shutdown_write();
  if (limits_.time <= 0) return;
  auto close = std::make_unique<Close>(*this, std::move(transport), is_refused);
  if (!close->read_on()) return;
  close->wait();
  closes_.push_back(*close.release());
  ++count_;
  if (is_refused) ++refused_;
}

std::size_t OrderlyCloses::give_up(std::size_t count) noexcept {
  std::size_t given_up = 0;
  for (; given_up < count && !closes_.empty(); ++given_up) {
    Close& oldest = closes_.front();
    static_cast<void>(oldest.read_on());
    remove(oldest);
  }
  return given_up;
}

void OrderlyCloses::remove(Close& close) noexcept {
  --count_;
  if (close.is_refused()) --refused_;
  delete &close;
}

}  // namespace aiopyr::plugin
