#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <sys/sendfile.h>
#include <utility>

#include <aiopyr/plugin/log.h>
#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/orderly_close.h>
#include <aiopyr/plugin/pace.h>
#include <aiopyr/plugin/pending_connections.h>
#include <aiopyr/plugin/response_tail.h>
#include <aiopyr/plugin/socket_buffers.h>
#include <aiopyr/runtime/async/spawn.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

namespace {

/// So much is sent to one client before others get their turn.
constexpr std::size_t kPartOfATurn = std::size_t{1} << 20U;
/// So much of a file is read for a client of TLS at a time.
constexpr std::size_t kFilePart = std::size_t{64} << 10U;

ResponseTails* this_workers_tails = nullptr;

iovec buffer_of(const char* data, std::size_t size) noexcept {
  return {const_cast<char*>(data), size};
}

}  // namespace

OutgoingBody::OutgoingBody(std::unique_ptr<Transport> transport, std::string text,
                           std::size_t sent) noexcept
    : transport_(std::move(transport)),
      text_(std::move(text)),
      length_(text_.size()),
      sent_(sent) {}

OutgoingBody::OutgoingBody(std::unique_ptr<Transport> transport,
                           std::shared_ptr<const FileBody> file, std::uint64_t offset,
                           std::size_t length, bool plain) noexcept
    : transport_(std::move(transport)),
      file_(std::move(file)),
      offset_(offset),
      length_(length),
      plain_(plain) {}

OutgoingBody::Progress OutgoingBody::send_some() {
  const std::size_t enough = std::min(length_, sent_ + kPartOfATurn);
  while (sent_ < enough) {
    const auto result = send_once();
    switch (result.status) {
      case Transport::Status::kOk:
        break;
      case Transport::Status::kWantRead:
        wanted_ = FdEvents::kRead;
        return Progress::kSome;
      case Transport::Status::kWantWrite:
        wanted_ = FdEvents::kWrite;
        return Progress::kSome;
      default:
        return Progress::kFailed;
    }
  }
  wanted_ = FdEvents::kWrite;
  return sent_ == length_ ? Progress::kAll : Progress::kSome;
}

Transport::Result OutgoingBody::send_once() {
  if (!head_.empty()) return send_head();
  Transport::Result result;
  if (!file_) {
    result = send_text();
  } else {
    result = plain_ ? send_file_by_kernel() : send_file_by_copy();
  }
  if (result.status == Transport::Status::kOk) sent_ += result.bytes;
  return result;
}

Transport::Result OutgoingBody::send_head() noexcept {
  const std::array buffers{buffer_of(head_.data(), head_.size())};
  const auto result = transport_->write(buffers);
  if (result.status == Transport::Status::kOk) head_.erase(0, result.bytes);
  return result;
}

Transport::Result OutgoingBody::send_text() noexcept {
  const std::array buffers{buffer_of(text_.data() + sent_, length_ - sent_)};
  return transport_->write(buffers);
}

Transport::Result OutgoingBody::send_file_by_kernel() {
  auto offset = static_cast<off_t>(offset_ + sent_);
  const std::size_t part = std::min(length_ - sent_, kPartOfATurn);
  const ssize_t count = ::sendfile(transport_->fd(), file_->fd(), &offset, part);
  if (count > 0) return {Transport::Status::kOk, static_cast<std::size_t>(count), 0};
  if (count == 0) throw Error("a file could not be sent to its end: it has become shorter");
  if (errno == EINTR) return {Transport::Status::kOk, 0, 0};
  if (errno == EAGAIN) return {Transport::Status::kWantWrite, 0, 0};
  return {Transport::Status::kError, 0, errno};
}

/// OpenSSL wants to be given the same bytes again where it could not take them.
Transport::Result OutgoingBody::send_file_by_copy() {
  const std::size_t part = std::min(length_ - sent_, kFilePart);
  if (text_.empty()) text_ = file_->read(offset_ + sent_, part);
  const std::array buffers{buffer_of(text_.data(), text_.size())};
  const auto result = transport_->write(buffers);
  if (result.status == Transport::Status::kOk) text_.erase(0, result.bytes);
  return result;
}

std::size_t OutgoingBody::delivered() const noexcept {
  return sent_ - std::min(sent_, unsent_bytes(fd()));
}

class ResponseTails::Tail final : public ListHook {
 public:
  Tail(ResponseTails& all, OutgoingBody body, std::optional<UnfinishedRequest> next)
      : all_(all), body_(std::move(body)), next_(std::move(next)) {}

  void begin() {
    pace_.begin(options().write_timeout, all_.loop_.now(), body_.delivered());
    watch_.start(all_.loop_, body_.fd(), body_.wanted());
    deadline_.start(all_.loop_, end());
  }

  [[nodiscard]] OutgoingBody& body() noexcept { return body_; }
  [[nodiscard]] std::optional<UnfinishedRequest>& next() noexcept { return next_; }

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

  TimePoint end() noexcept { return pace_.end(all_.loop_.now(), body_.delivered()); }

  void send_some() {
    auto progress = OutgoingBody::Progress::kFailed;
    try {
      progress = body_.send_some();
    } catch (...) {
      // Such as a file that has become shorter.
      log_line("a response is cut off: " + describe(std::current_exception()));
    }
    switch (progress) {
      case OutgoingBody::Progress::kAll:
        all_.finish(*this);
        break;
      case OutgoingBody::Progress::kSome:
        if (watch_.events() != body_.wanted()) {
          watch_.start(all_.loop_, body_.fd(), body_.wanted());
        }
        break;
      case OutgoingBody::Progress::kFailed:
        all_.remove(*this);
    }
  }

  void on_deadline() {
    if (const TimePoint next = end(); next > all_.loop_.now()) {
      deadline_.start(all_.loop_, next);
    } else {
      all_.remove(*this);
    }
  }

  ResponseTails& all_;
  OutgoingBody body_;
  std::optional<UnfinishedRequest> next_;
  Pace pace_;
  Watch watch_{*this};
  Deadline deadline_{*this};
};

ResponseTails::ResponseTails(Loop& loop) noexcept : loop_(loop) { this_workers_tails = this; }

ResponseTails::~ResponseTails() {
  this_workers_tails = nullptr;
  tails_.for_each([](Tail& tail) { delete &tail; });
}

ResponseTails* ResponseTails::current() noexcept { return this_workers_tails; }

bool ResponseTails::has_room(std::size_t bytes) const noexcept {
  return *memory_ + bytes <= options().write_buffer;
}

std::shared_ptr<void> ResponseTails::take_room(std::size_t bytes) {
  if (!has_room(bytes)) return nullptr;
  *memory_ += bytes;
  return {memory_.get(), [memory = memory_, bytes](void*) { *memory -= bytes; }};
}

void ResponseTails::add(OutgoingBody body, std::optional<UnfinishedRequest> next) {
  auto tail = std::make_unique<Tail>(*this, std::move(body), std::move(next));
  tail->begin();
  tails_.push_back(*tail.release());
  ++count_;
}

void ResponseTails::finish(Tail& tail) {
  auto transport = tail.body().release();
  auto next = std::move(tail.next());
  remove(tail);
  if (next) {
    next->take_back(std::move(transport));
    PendingConnections::current()->add(std::move(*next));
  } else {
    spawn(close_in_order(std::move(transport)));
  }
}

void ResponseTails::remove(Tail& tail) noexcept {
  --count_;
  delete &tail;
}

}  // namespace aiopyr::plugin
