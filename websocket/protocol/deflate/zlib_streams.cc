#include <algorithm>
#include <new>
#include <utility>
#include <vector>
#include <zlib.h>

#include <aiopyr/websocket/protocol/deflate/zlib_streams.h>

namespace aiopyr::websocket::detail {
namespace {

struct SpareDeflateStream {
  DeflateSettings settings;
  DeflateStream stream;
};

struct SpareStreams {
  InflateStream inflating;
  std::vector<SpareDeflateStream> deflating;
};

SpareStreams& spares() noexcept {
  thread_local SpareStreams streams;
  return streams;
}

DeflateStream make_deflate_stream(const DeflateSettings& settings) {
  auto stream = std::make_unique<z_stream>();
  // Negative bits mean raw data, without zlib's header and checksum.
  const int result = ::deflateInit2(stream.get(), settings.level, Z_DEFLATED, -settings.window_bits,
                                    settings.mem_level, Z_DEFAULT_STRATEGY);
  return result == Z_OK ? DeflateStream(stream.release()) : DeflateStream();
}

auto find_spare(const DeflateSettings& settings) noexcept {
  auto& all = spares().deflating;
  return std::find_if(all.begin(), all.end(),
                      [&](const auto& spare) { return spare.settings == settings; });
}

}  // namespace

void EndInflate::operator()(z_stream_s* stream) const noexcept {
  ::inflateEnd(stream);
  delete stream;
}

void EndDeflate::operator()(z_stream_s* stream) const noexcept {
  ::deflateEnd(stream);
  delete stream;
}

InflateStream take_inflate_stream(int window_bits) {
  if (auto spare = std::move(spares().inflating)) {
    if (::inflateReset2(spare.get(), -window_bits) == Z_OK) return spare;
  }
  auto stream = std::make_unique<z_stream>();
  if (::inflateInit2(stream.get(), -window_bits) != Z_OK) throw std::bad_alloc();
  return InflateStream(stream.release());
}

void give_back(InflateStream stream) noexcept { spares().inflating = std::move(stream); }

DeflateStream take_deflate_stream(const DeflateSettings& settings) noexcept {
  try {
    const auto spare = find_spare(settings);
    if (spare == spares().deflating.end()) return make_deflate_stream(settings);
    auto stream = std::move(spare->stream);
    spares().deflating.erase(spare);
    return stream;
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void give_back(DeflateStream stream, const DeflateSettings& settings) noexcept {
  if (find_spare(settings) != spares().deflating.end()) return;
  if (::deflateReset(stream.get()) != Z_OK) return;
  try {
    spares().deflating.push_back({settings, std::move(stream)});
  } catch (const std::bad_alloc&) {
    // Drops the stream; the next message makes a new one.
  }
}

}  // namespace aiopyr::websocket::detail
