#include "http_response.h"

#include <algorithm>
#include <charconv>
#include <strings.h>

namespace load {

namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::size_t kLongestKnown = 64 * 1024;

/// Returns the value of a header, without the space around it; empty if there is none.
std::string_view header(std::string_view head, std::string_view name) {
  for (std::size_t line = head.find("\r\n"); line != std::string_view::npos;
       line = head.find("\r\n", line)) {
    line += 2;
    const std::string_view rest = head.substr(line);
    if (rest.size() <= name.size() || rest[name.size()] != ':' ||
        ::strncasecmp(rest.data(), name.data(), name.size()) != 0)
      continue;
    std::string_view value = rest.substr(name.size() + 1, rest.find('\r') - name.size() - 1);
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    return value;
  }
  return {};
}

bool is_word(std::string_view value, std::string_view word) {
  return value.size() == word.size() && ::strncasecmp(value.data(), word.data(), word.size()) == 0;
}

int status_of(std::string_view head) {
  int status = 0;
  if (head.starts_with("HTTP/1.") && head.size() >= 12)
    std::from_chars(head.data() + 9, head.data() + 12, status);
  return status;
}

}  // namespace

std::string request_bytes(const Options& options, bool keep_alive) {
  std::string request = "GET " + options.path +
                        " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(options.port) + "\r\n";
  if (!keep_alive) request += "Connection: close\r\n";
  for (const std::string& header : options.headers) request += header + "\r\n";
  return request + "\r\n";
}

std::size_t ResponseReader::feed(std::string_view& input) {
  std::size_t count = 0;
  while (!input.empty() || (in_body_ && body_left_ == 0)) {
    if (!in_body_) {
      if (take_known(input)) {
        ++count;
        continue;
      }
      if (!take_head(input)) break;
    }
    const auto taken = body_left_ == kUntilEnd
                           ? input.size()
                           : std::min(input.size(), static_cast<std::size_t>(body_left_));
    if (is_kept_alive_ && body_ != kUntilEnd && taken == static_cast<std::size_t>(body_) &&
        head_.size() + taken <= kLongestKnown)
      known_ = head_ + std::string(input.substr(0, taken));
    input.remove_prefix(taken);
    body_taken_ += static_cast<long>(taken);
    if (body_left_ == kUntilEnd) continue;
    body_left_ -= static_cast<long>(taken);
    if (body_left_ > 0) continue;
    in_body_ = false;
    ++count;
  }
  return count;
}

bool ResponseReader::end() {
  if (!in_body_ || body_ != kUntilEnd) return false;
  check_length(body_taken_);
  in_body_ = false;
  return true;
}

bool ResponseReader::take_known(std::string_view& input) {
  if (known_.empty() || !input.starts_with(known_)) return false;
  input.remove_prefix(known_.size());
  is_kept_alive_ = true;
  return true;
}

bool ResponseReader::take_head(std::string_view& input) {
  const std::size_t end = input.find(kHeadEnd);
  if (end == std::string_view::npos) return false;
  head_ = input.substr(0, end + kHeadEnd.size());
  input.remove_prefix(head_.size());
  const std::string status_line = head_.substr(0, head_.find('\r'));
  if (status_of(head_) != status_) throw LoadError("another status than expected: " + status_line);
  const std::string_view connection = header(head_, "Connection");
  is_kept_alive_ = head_.starts_with("HTTP/1.1") && !is_word(connection, "close");
  body_taken_ = 0;
  body_ = kUntilEnd;
  const std::string_view length = header(head_, "Content-Length");
  if (!length.empty()) {
    std::from_chars(length.data(), length.data() + length.size(), body_);
    check_length(body_);
  }
  body_left_ = body_;
  in_body_ = true;
  return true;
}

void ResponseReader::check_length(long length) {
  if (length_ == kAnyLength) return;
  if (length_ < 0) length_ = length;
  if (length != length_)
    throw LoadError("a body of " + std::to_string(length) + " bytes, not " +
                    std::to_string(length_));
}

}  // namespace load
