#include <algorithm>
#include <array>
#include <curl/curl.h>
#include <new>
#include <optional>

#include <aiopyr/clients/http/message/errors.h>
#include <aiopyr/clients/http/message/url.h>
#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/base64.h>
#include <aiopyr/runtime/text/percent_escape.h>

namespace aiopyr::http {

namespace {

constexpr std::size_t kLongestUrl = 64UL * 1024;
// Encodes what is not ASCII, and spaces, in path and query.
constexpr unsigned kReadFlags = CURLU_URLENCODE;

[[noreturn]] void refuse(const std::string& problem) {
  throw InvalidRequestError("the URL " + problem +
                            ": expected http://host/path or https://host:port/path?query");
}

void require(CURLUcode code, std::string_view part) {
  if (code == CURLUE_OK) return;
  if (code == CURLUE_OUT_OF_MEMORY) throw std::bad_alloc();
  refuse("has a bad " + std::string(part) + " (" + curl_url_strerror(code) + ")");
}

/// Returns a part; nullopt where the URL has none.
std::optional<std::string> part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  const CURLUcode code = curl_url_get(url, which, &text, flags);
  if (code == CURLUE_NO_USER || code == CURLUE_NO_PASSWORD || code == CURLUE_NO_QUERY) {
    return std::nullopt;
  }
  require(code, which == CURLUPART_HOST ? "host" : "part");
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
  return std::string(text);
}

void require_printable(std::string_view text) {
  const bool has_controls = std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
  if (has_controls) refuse("has a control character, such as a line's end");
  if (text.size() > kLongestUrl) refuse("is longer than 64 KiB");
}

/// Refuses `http:/x` and `http:///x`, which libcurl would read as `http://x`.
void require_two_slashes(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string scheme = ascii_lower(text.substr(0, colon));
  if (colon == std::string_view::npos || (scheme != "http" && scheme != "https")) return;
  const std::string_view rest = text.substr(colon + 1);
  if (!rest.starts_with("//") || rest.starts_with("///")) refuse("has no host");
}

}  // namespace

void append_urlencoded(std::string& text, const Pairs& pairs) {
  bool is_first = true;
  for (const auto& [name, value] : pairs) {
    if (!std::exchange(is_first, false)) text += '&';
    text.append(percent_encode_plus(name)).append("=").append(percent_encode_plus(value));
  }
}

void Url::Delete::operator()(Curl_URL* handle) const noexcept { curl_url_cleanup(handle); }

Url::Url(Handle handle) : handle_(std::move(handle)) {
  if (!handle_) throw std::bad_alloc();
  read_parts();
}

Url Url::parse(const std::string& text) {
  require_printable(text);
  require_two_slashes(text);
  Handle handle(curl_url());
  if (!handle) throw std::bad_alloc();
  require(curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), kReadFlags), "form");
  return Url(std::move(handle));
}

Url Url::resolve(const std::string& location) const {
  require_printable(location);
  require_two_slashes(location);
  Handle handle(curl_url_dup(handle_.get()));
  if (!handle) throw std::bad_alloc();
  require(curl_url_set(handle.get(), CURLUPART_URL, location.c_str(), kReadFlags), "form");
  return Url(std::move(handle));
}

void Url::add_query(const Pairs& pairs) {
  if (pairs.empty()) return;
  std::string query = part(handle_.get(), CURLUPART_QUERY).value_or("");
  if (!query.empty()) query += '&';
  append_urlencoded(query, pairs);
  if (query.size() > kLongestUrl) refuse("is longer than 64 KiB");
  require(curl_url_set(handle_.get(), CURLUPART_QUERY, query.c_str(), 0), "query");
  read_parts();
}

std::shared_ptr<const Url> Urls::parse(const std::string& text) {
  const auto found = known_.find(text);
  if (found != known_.end()) return found->second;
  auto url = std::make_shared<const Url>(Url::parse(text));
  constexpr std::size_t kMost = 256;
  constexpr std::size_t kLongest = 1024;
  if (!url->authorization().empty() || text.size() > kLongest) return url;
  if (known_.size() >= kMost) known_.clear();
  known_.emplace(text, url);
  return url;
}

void Url::read_parts() {
  CURLU* const url = handle_.get();
  const std::string scheme = *part(url, CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    refuse("has the scheme '" + printable(scheme) + "', which is not asked for here");
  }
  is_https_ = scheme == "https";
  const auto user = part(url, CURLUPART_USER, CURLU_URLDECODE);
  const auto password = part(url, CURLUPART_PASSWORD, CURLU_URLDECODE);
  if (user || password) {
    authorization_ = "Basic " + base64_encode(user.value_or("") + ":" + password.value_or(""));
    curl_url_set(url, CURLUPART_USER, nullptr, 0);
    curl_url_set(url, CURLUPART_PASSWORD, nullptr, 0);
  }
  const std::string host = *part(url, CURLUPART_HOST);
  // libcurl would convert it by the process's locale, and loses memory where that fails.
  const bool is_ascii = std::none_of(host.begin(), host.end(),
                                     [](char c) { return static_cast<unsigned char>(c) > 0x7f; });
  if (!is_ascii) refuse("has a host that is not ASCII (write it as punycode, xn--...)");
  const std::string shown = ascii_lower(host);
  host_ = shown.starts_with('[') ? shown.substr(1, shown.size() - 2) : shown;
  if (host_.empty()) refuse("has no host");
  if (host != shown) {
    require(curl_url_set(url, CURLUPART_HOST, shown.c_str(), 0), "host");
  }
  const auto port = parse_number<std::uint16_t>(*part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT));
  if (!port || *port == 0) refuse("has a port that is no number from 1 to 65535");
  port_ = *port;
  text_ = *part(url, CURLUPART_URL);
  path_ = *part(url, CURLUPART_PATH);
  origin_ = scheme + "://" + shown + ":" + std::to_string(port_);
}

}  // namespace aiopyr::http
