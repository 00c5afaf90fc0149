#include <cstddef>
#include <cstdint>
#include <utility>

#include <aiopyr/clients/http/engine/transfer.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/runtime/text/ascii.h>

/// The part of Transfer that reads the head of the answer, a line at a time, and its trailers.
namespace aiopyr::http {

namespace {

constexpr std::size_t kMostFields = 1000;
constexpr int kFirstFinal = 200;  // statuses below are of interim answers

}  // namespace

bool Transfer::on_header_line(std::string_view line) {
  head_bytes_ += line.size();
  Headers& fields = has_head_ ? trailers_ : head_.headers;
  if (head_bytes_ > plan_.client->max_head || fields.size() > kMostFields) {
    throw ProtocolError(context(), "the head of the answer is too large");
  }
  const bool is_continued = line.starts_with(' ') || line.starts_with('\t');
  const std::string_view text = trim_whitespace(line);
  if (!has_head_ && text.starts_with("HTTP/") && text.find(':') > text.find(' ')) {
    begin_head(text);
    return true;
  }
  if (text.empty() && !is_continued) {
    if (has_head_ || head_.status < kFirstFinal)
      return true;  // behind an interim answer, or the trailers
    check_lengths();
    has_head_ = true;
    head_.elapsed = Loop::current()->now() - plan_.asked;
    changed_.set();
    return true;
  }
  if (is_continued) {
    fields.extend_last(text);
    return true;
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    throw ProtocolError(context(), "the head of the answer has a line without a colon");
  }
  fields.add_received(text.substr(0, colon), trim_whitespace(text.substr(colon + 1)));
  return true;
}

/// Throws for lengths that libcurl would read in its own way (RFC 9112 section 6.3).
void Transfer::check_lengths() const {
  const auto lengths = head_.headers.get_all("Content-Length");
  for (const std::string_view length : lengths) {
    if (length != lengths.front() || !parse_number<std::uint64_t>(length)) {
      throw ProtocolError(context(), "the answer is malformed: its Content-Length is no number");
    }
  }
}

/// Reads `HTTP/1.1 200 OK`, which libcurl has checked.
void Transfer::begin_head(std::string_view status_line) {
  head_.headers.clear();
  head_.version = take_until(status_line, ' ');
  head_.status = parse_number<int>(take_until(status_line, ' ')).value_or(0);
  head_.reason = trim_whitespace(status_line);
  const bool is_http1 = head_.version.starts_with("HTTP/1");
  if (is_http1 && !own_address_.empty()) multi_->note_address(std::exchange(own_address_, {}));
}

}  // namespace aiopyr::http
