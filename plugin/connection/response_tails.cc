#include <exception>
#include <string>
#include <utility>

#include <aiopyr/plugin/connection/client_connection.h>
#include <aiopyr/plugin/connection/client_connections.h>
#include <aiopyr/plugin/connection/ending.h>
#include <aiopyr/plugin/connection/response_tails.h>
#include <aiopyr/plugin/io/pace.h>
#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/loop/timer.h>

namespace aiopyr::plugin {

class ResponseTails::Tail final : public ListHook {
 public:
  Tail(ResponseTails& all, std::unique_ptr<ClientConnection> connection, OutgoingBody body,
       bool keep)
      : all_(all), connection_(std::move(connection)), body_(std::move(body)), keeps_(keep) {}

  void begin() {
    pace_.begin(all_.all_.limits().reading_pace(), loop().now(), body_.delivered());
    watch_.start(loop(), body_.fd(), body_.wanted());
    deadline_.start(loop(), end());
  }

  /// Gives the connection away.
  [[nodiscard]] std::unique_ptr<ClientConnection> release() noexcept {
    watch_.stop();
    return std::move(connection_);
  }
  [[nodiscard]] bool keeps() const noexcept { return keeps_; }
  /// Returns how much it holds of the memory of all.
  [[nodiscard]] std::size_t memory() const noexcept { return body_.memory(); }
  /// Returns how many bytes a second its client reads.
  [[nodiscard]] double pace() const noexcept {
    return pace_.average(loop().now(), body_.delivered());
  }
  void cut_off() noexcept { connection_->stream().transport().cut_off(); }

 private:
  class Watch final : public FdWatch {
   public:
    explicit Watch(Tail& tail) noexcept : tail_(tail) {}

   private:
    void on_ready(FdEvents) override { tail_.send_some(); }
    Tail& tail_;
  };

  class Deadline final : public Timer {
   public:
    explicit Deadline(Tail& tail) noexcept : tail_(tail) {}

   private:
    void on_timer() override { tail_.on_deadline(); }
    Tail& tail_;
  };

  [[nodiscard]] Loop& loop() const noexcept { return all_.all_.loop(); }
  TimePoint end() noexcept { return pace_.end(loop().now(), body_.delivered()); }

  void send_some() {
    auto progress = OutgoingBody::Progress::kFailed;
    try {
      progress = body_.send_some();
    } catch (...) {
      // The file may have become shorter, for example.
      loop().handle_exception(std::current_exception(), "a response, which is cut off");
    }
    switch (progress) {
      case OutgoingBody::Progress::kAll:
        all_.finish(*this);
        break;
      case OutgoingBody::Progress::kSome:
        if (watch_.events() != body_.wanted()) {
          watch_.start(loop(), body_.fd(), body_.wanted());
        }
        break;
      case OutgoingBody::Progress::kFailed:
        all_.cut_off(*this);
    }
  }

  void on_deadline() {
    if (const TimePoint next = end(); next > loop().now()) {
      deadline_.start(loop(), next);
    } else {
      all_.cut_off(*this);
    }
  }

  ResponseTails& all_;
  std::unique_ptr<ClientConnection> connection_;
  OutgoingBody body_;
  bool keeps_;
  Pace pace_;
  Watch watch_{*this};
  Deadline deadline_{*this};
};

ResponseTails::ResponseTails(ClientConnections& all)
    : all_(all), memory_(all.limits().write_buffer), files_(all.limits().temp_bytes) {}

ResponseTails::~ResponseTails() {
  tails_.for_each([](Tail& tail) { delete &tail; });
}

bool ResponseTails::make_room(std::size_t bytes) noexcept {
  if (bytes > all_.limits().write_buffer) return false;
  while (!memory_.has_room(bytes)) {
    Tail* const slowest = slowest_in_memory();
    if (slowest == nullptr) return false;
    cut_off(*slowest);
  }
  return true;
}

ResponseTails::Tail* ResponseTails::slowest_in_memory() noexcept {
  Tail* slowest = nullptr;
  tails_.for_each([&](Tail& tail) {
    if (tail.memory() == 0) return;
    if (slowest == nullptr || tail.pace() < slowest->pace()) slowest = &tail;
  });
  return slowest;
}

void ResponseTails::add(std::unique_ptr<ClientConnection> connection, OutgoingBody body,
                        bool keep) {
  auto tail = std::make_unique<Tail>(*this, std::move(connection), std::move(body), keep);
  tail->begin();
  tails_.push_back(*tail.release());
  ++count_;
}

void ResponseTails::leave_answers(std::unique_ptr<ClientConnection> connection) noexcept {
  if (!connection->answers().has_rest()) return;
  try {
    std::string rest = connection->answers().take();
    auto room = memory_.take(rest.size());
    OutgoingBody body(connection->stream().transport(), std::move(rest), 0);
    body.keep(std::move(room));
    add(std::move(connection), std::move(body), true);
  } catch (...) {
    all_.loop().handle_exception(std::current_exception(),
                                 "the rest of a response: its connection is closed");
  }
}

void ResponseTails::finish(Tail& tail) {
  auto connection = tail.release();
  const bool keep = tail.keeps();
  remove(tail);
  carry_out(keep ? Ending(ending::Kept{}) : ending::InOrder{}, std::move(connection), all_);
}

void ResponseTails::cut_off(Tail& tail) noexcept {
  tail.cut_off();
  remove(tail);
}

void ResponseTails::remove(Tail& tail) noexcept {
  --count_;
  delete &tail;
}

}  // namespace aiopyr::plugin
