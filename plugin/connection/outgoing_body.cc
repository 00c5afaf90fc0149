#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/sendfile.h>
#include <utility>

#include <aiopyr/plugin/connection/outgoing_body.h>
#include <aiopyr/plugin/io/socket_buffers.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

namespace {

/// The most bytes that are sent to one client before others get their turn.
constexpr std::size_t kPartOfATurn = std::size_t{1} << 20U;
/// The most bytes of a file that are read at a time for a client over TLS.
constexpr std::size_t kFilePart = std::size_t{64} << 10U;

iovec buffer_of(const char* data, std::size_t size) noexcept {
  return {const_cast<char*>(data), size};
}

}  // namespace

OutgoingBody::OutgoingBody(Transport& stream, std::string text, std::size_t sent) noexcept
    : stream_(&stream), text_(std::move(text)), length_(text_.size()), sent_(sent) {
  const std::size_t unsent = unsent_bytes(fd());
  before_ = unsent - std::min(unsent, sent_);
}

OutgoingBody::OutgoingBody(Transport& stream, std::shared_ptr<const FileBody> file,
                           std::uint64_t offset, std::size_t length, bool plain) noexcept
    : stream_(&stream), file_(std::move(file)), offset_(offset), length_(length), plain_(plain) {
  before_ = unsent_bytes(fd());
}

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
  const auto result = stream_->write(buffers);
  if (result.status != Transport::Status::kOk) return result;
  head_.erase(0, result.bytes);
  before_ += result.bytes;
  return result;
}

Transport::Result OutgoingBody::send_text() noexcept {
  const std::array buffers{buffer_of(text_.data() + sent_, length_ - sent_)};
  return stream_->write(buffers);
}

Transport::Result OutgoingBody::send_file_by_kernel() {
  auto offset = static_cast<off_t>(offset_ + sent_);
  const std::size_t part = std::min(length_ - sent_, kPartOfATurn);
  const ssize_t count = ::sendfile(stream_->fd(), file_->fd(), &offset, part);
  if (count > 0) return {Transport::Status::kOk, static_cast<std::size_t>(count), 0};
  if (count == 0) file_->throw_shortened();
  if (errno == EINTR) return {Transport::Status::kOk, 0, 0};
  if (errno == EAGAIN) return {Transport::Status::kWantWrite, 0, 0};
  if (errno == EIO) file_->throw_unreadable(errno);
  return {Transport::Status::kError, 0, errno};
}

/// Sends a part of the file that it has read. OpenSSL requires the same bytes again after a write
/// that has to wait: they are read again then, so a client that is waited for costs no memory.
Transport::Result OutgoingBody::send_file_by_copy() {
  const std::size_t part = std::min(length_ - sent_, kFilePart);
  if (text_.empty()) text_ = file_->read(offset_ + sent_, part);
  const std::array buffers{buffer_of(text_.data(), text_.size())};
  const auto result = stream_->write(buffers);
  if (result.status == Transport::Status::kOk) {
    text_.erase(0, result.bytes);
  } else {
    release_text();
  }
  return result;
}

void OutgoingBody::move_to(std::shared_ptr<const FileBody> file, bool plain) noexcept {
  length_ -= sent_;
  before_ += std::exchange(sent_, 0);
  offset_ = 0;
  file_ = std::move(file);
  plain_ = plain;
  release_text();
}

/// Frees its memory, which the assignment of an empty string would keep.
void OutgoingBody::release_text() noexcept { std::string().swap(text_); }

std::size_t OutgoingBody::delivered() const noexcept {
  const std::size_t written = before_ + sent_;
  return written - std::min(written, unsent_bytes(fd()));
}

}  // namespace aiopyr::plugin
