#include <cstdio>
#include <numeric>
#include <random>
#include <string>
#include <utility>

#include <aiopyr/runtime/web/http/byte_ranges.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/request/conditional.h>

namespace aiopyr::detail {

namespace {

constexpr std::size_t kMaxParts = 16;
constexpr std::uint64_t kMaxPartBytes = std::uint64_t{1} << 20;

std::string content_range(const ByteRange& range, std::uint64_t size) {
  return "bytes " + std::to_string(range.offset) + "-" +
         std::to_string(range.offset + range.length - 1) + "/" + std::to_string(size);
}

std::string bytes_of(const Response& response, const ByteRange& range) {
  const auto length = static_cast<std::size_t>(range.length);
  if (const auto& file = response.file_body()) {
    return file->read(response.file_offset() + range.offset, length);
  }
  return response.body().substr(static_cast<std::size_t>(range.offset), length);
}

/// Returns a boundary so long that it does not occur in a body by chance, and cannot be predicted.
std::string make_boundary() {
  std::random_device random;
  char text[64];
  std::snprintf(text, sizeof text, "aiopyr-%08x%08x%08x%08x", random(), random(), random(),
                random());
  return text;
}

void become_part(Response& response, const ByteRange& range) {
  const std::uint64_t size = response.content_length();
  response.set_status(206);
  response.headers().set("Content-Range", content_range(range, size));
  if (const auto file = response.file_body()) {
    response.set_file_body(file, response.file_offset() + range.offset, range.length);
  } else {
    response.set_body(bytes_of(response, range));
  }
}

/// Sends several ranges as multipart/byteranges (RFC 9110 section 14.6).
void become_parts(Response& response, const std::vector<ByteRange>& ranges) {
  const std::string boundary = make_boundary();
  const std::string type(response.headers().get("Content-Type", "application/octet-stream"));
  std::string body;
  for (const ByteRange& range : ranges) {
    body.append("--").append(boundary).append("\r\nContent-Type: ").append(type);
    body.append("\r\nContent-Range: ").append(content_range(range, response.content_length()));
    body.append("\r\n\r\n").append(bytes_of(response, range)).append("\r\n");
  }
  body.append("--").append(boundary).append("--\r\n");
  response.set_status(206);
  response.set_body(std::move(body));
  response.headers().set("Content-Type", "multipart/byteranges; boundary=" + boundary);
}

bool are_few_and_small(const std::vector<ByteRange>& ranges) {
  const std::uint64_t total =
      std::accumulate(ranges.begin(), ranges.end(), std::uint64_t{0},
                      [](std::uint64_t sum, const ByteRange& range) { return sum + range.length; });
  return ranges.size() <= kMaxParts && total <= kMaxPartBytes;
}

}  // namespace

void apply_range(Response& response, std::string_view range) {
  if (range.empty()) return;
  const std::uint64_t size = response.content_length();
  const auto ranges = parse_byte_ranges(range, size);
  if (!ranges) return;
  if (ranges->empty()) {
    const Headers headers{{"Content-Range", "bytes */" + std::to_string(size)}};
    become_error(response, HTTPRequestRangeNotSatisfiable("", headers));
  } else if (ranges->size() == 1) {
    become_part(response, ranges->front());
  } else if (are_few_and_small(*ranges)) {
    become_parts(response, *ranges);
  }
}

}  // namespace aiopyr::detail
