#include <algorithm>
#include <cstdlib>
#include <new>
#include <span>
#include <utility>

#include <aiopyr/plugin/io/body_input.h>
#include <aiopyr/plugin/io/read_buffers.h>

namespace aiopyr::plugin {

namespace {

std::size_t memory_of_all = 0;

/// Returns the most bytes to read at a time of a body in chunks: the bytes after its end, the next
/// request, have to fit into a read buffer.
std::size_t piece_size() noexcept { return read_buffer_size(); }

}  // namespace

BodyInput::BodyInput(std::optional<std::size_t> length, std::string_view begun) : length_(length) {
  if (!make_room(std::max(begun.size(), piece_size()))) throw std::bad_alloc();
  std::copy(begun.begin(), begun.end(), bytes_);
  size_ = begun.size();
  look_at(begun);
}

std::size_t BodyInput::memory() noexcept { return memory_of_all; }

BodyInput::~BodyInput() { std::free(release()); }

void BodyInput::read(Transport& connection) noexcept {
  while (!enough_) {
    const std::size_t size = wanted();
    if (!make_room(size_ + size)) {
      enough_ = true;
      return;
    }
    const auto result = connection.read(std::as_writable_bytes(std::span(bytes_ + size_, size)));
    switch (result.status) {
      case Transport::Status::kOk:
        size_ += result.bytes;
        look_at({bytes_ + size_ - result.bytes, result.bytes});
        break;
      case Transport::Status::kWantRead:
      case Transport::Status::kWantWrite:
        return;
      default:
        enough_ = whole_ = true;
    }
  }
}

char* BodyInput::release() noexcept {
  memory_of_all -= room_;
  size_ = room_ = 0;
  return std::exchange(bytes_, nullptr);
}

/// Returns how many bytes to ask for: never any after the body's end.
std::size_t BodyInput::wanted() const noexcept {
  const std::size_t left = length_ ? *length_ - size_ : kMost;
  return std::min({left, piece_size(), kMost - size_});
}

bool BodyInput::make_room(std::size_t bytes) noexcept {
  if (bytes <= room_) return true;
  const std::size_t room = std::max(bytes, std::min(2 * room_, kMost));
  void* const grown = std::realloc(bytes_, room);
  if (grown == nullptr) return false;
  bytes_ = static_cast<char*>(grown);
  memory_of_all += room - room_;
  room_ = room;
  return true;
}

void BodyInput::look_at(std::string_view bytes) noexcept {
  if (length_) {
    whole_ = size_ >= *length_;
  } else {
    auto status = ChunkedDecoder::Status::kMore;
    do {
      status = decoder_.next(bytes).status;
    } while (status == ChunkedDecoder::Status::kData);
    whole_ = status != ChunkedDecoder::Status::kMore;
  }
  enough_ = whole_ || size_ >= kMost;
}

}  // namespace aiopyr::plugin
