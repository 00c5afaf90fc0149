#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <sys/sendfile.h>
#include <utility>

#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/pace.h>
#include <aiopyr/plugin/response_tail.h>

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

OutgoingBody::OutgoingBody(std::unique_ptr<Transport> transport, std::string text) noexcept
    : transport_(std::move(transport)), text_(std::move(text)), length_(text_.size()) {}

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
        sent_ += result.bytes;
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
  if (!file_) return send_text();
  return plain_ ? send_file_by_kernel() : send_file_by_copy();
}

Transport::Result OutgoingBody::send_text() noexcept {
  const std::array buffers{buffer_of(text_.data() + sent_, length_ - sent_)};
  return transport_->write(buffers);
}

Transport::Result OutgoingBody::send_file_by_kernel() noexcept {
  auto offset = static_cast<off_t>(offset_ + sent_);
  const std::size_t part = std::min(length_ - sent_, kPartOfATurn);
  const ssize_t count = ::sendfile(transport_->fd(), file_->fd(), &offset, part);
  if (count > 0) return {Transport::Status::kOk, static_cast<std::size_t>(count), 0};
  // A file that has become shorter has an end before its length.
  if (count == 0) return {Transport::Status::kError, 0, 0};
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

class ResponseTails::Tail final : public ListHook {
 public:
  Tail(ResponseTails& all, OutgoingBody body)
      : all_(all),
        body_(std::move(body)),
        began_(all.loop_.now()),
        sent_before_(body_.sent()),
        memory_(body_.memory()) {
    watch_.start(all_.loop_, body_.fd(), body_.wanted());
    deadline_.start(all_.loop_, end());
  }

  /// What counted when it was added.
  [[nodiscard]] std::size_t memory() const noexcept { return memory_; }

  /// Bytes a second that its client has read.
  [[nodiscard]] double pace() const noexcept {
    const std::chrono::duration<double> time = all_.loop_.now() - began_;
    return static_cast<double>(body_.sent() - sent_before_) / (1 + time.count());
  }

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

  [[nodiscard]] TimePoint end() const noexcept {
    return began_ + allowance(options().write_timeout, body_.sent() - sent_before_);
  }

  void send_some() {
    if (body_.send_some() == OutgoingBody::Progress::kSome) {
      if (watch_.events() != body_.wanted()) {
        watch_.start(all_.loop_, body_.fd(), body_.wanted());
      }
      return;
    }
    all_.remove(*this);
  }

  void on_deadline() {
    if (end() > all_.loop_.now()) {
      deadline_.start(all_.loop_, end());
    } else {
      all_.remove(*this);
    }
  }

  ResponseTails& all_;
  OutgoingBody body_;
  TimePoint began_;
  std::size_t sent_before_;
  std::size_t memory_;
  Watch watch_{*this};
  Deadline deadline_{*this};
};

ResponseTails::ResponseTails(Loop& loop) noexcept : loop_(loop) { this_workers_tails = this; }

ResponseTails::~ResponseTails() {
  this_workers_tails = nullptr;
  tails_.for_each([](Tail& tail) { delete &tail; });
}

ResponseTails* ResponseTails::current() noexcept { return this_workers_tails; }

void ResponseTails::add(OutgoingBody body) {
  auto tail = std::make_unique<Tail>(*this, std::move(body));
  memory_ += tail->memory();
  tails_.push_back(*tail.release());
  ++count_;
  while (memory_ > options().write_buffer && count_ > 1) make_room();
}

/// The newest one has had no time yet to show how fast it is.
void ResponseTails::make_room() noexcept {
  Tail* slowest = nullptr;
  std::size_t left = count_ - 1;
  tails_.for_each([&](Tail& tail) {
    if (left == 0) return;
    --left;
    if (slowest == nullptr || tail.pace() < slowest->pace()) slowest = &tail;
  });
  remove(*slowest);
}

void ResponseTails::remove(Tail& tail) noexcept {
  --count_;
  memory_ -= tail.memory();
  delete &tail;
}

}  // namespace aiopyr::plugin
