#include <algorithm>
#include <optional>
#include <string>

#include <aiopyr/runtime/web/accept.h>
#include <aiopyr/runtime/web/ascii.h>
#include <aiopyr/runtime/web/header_params.h>

namespace aiopyr {
namespace {

struct MediaRange {
  std::string type;
  std::string subtype;
  int quality = 1000;  // in thousandths
  bool has_parameters = false;
};

/// `1`, `0.5`, `0.123` (RFC 9110 section 12.4.2), in thousandths.
std::optional<int> parse_quality(std::string_view text) noexcept {
  if (text.empty() || (text[0] != '0' && text[0] != '1') || text.size() > 5) return std::nullopt;
  int quality = (text[0] - '0') * 1000;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int unit = 100;
  for (std::size_t i = 2; i < text.size(); ++i, unit /= 10) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    quality += (text[i] - '0') * unit;
  }
  if (quality > 1000) return std::nullopt;
  return quality;
}

std::optional<MediaRange> parse_range(std::string_view text) {
  const HeaderValue value = parse_header_value(text);
  const auto slash = value.value.find('/');
  if (slash == std::string::npos) return std::nullopt;
  MediaRange range{value.value.substr(0, slash), value.value.substr(slash + 1)};
  if (!is_http_token(range.type) || !is_http_token(range.subtype)) return std::nullopt;
  if (range.type == "*" && range.subtype != "*") return std::nullopt;
  for (const auto& [name, text_value] : value.params) {
    if (name != "q") {
      range.has_parameters = true;
      continue;
    }
    const auto quality = parse_quality(text_value);
    if (!quality) return std::nullopt;
    range.quality = *quality;
    break;
  }
  return range;
}

/// The ranges of a header; nothing where it is malformed.
std::optional<std::vector<MediaRange>> parse_accept(std::string_view header) {
  std::vector<MediaRange> ranges;
  for (const std::string_view piece : split_header_list(header)) {
    auto range = parse_range(piece);
    if (!range) return std::nullopt;
    ranges.push_back(std::move(*range));
  }
  return ranges;
}

/// How closely a range describes an offer: 3 exactly, 2 `type/*`, 1 `*/*`, 0 not at all.
int specificity(const MediaRange& range, std::string_view offer) noexcept {
  const auto slash = offer.find('/');
  if (range.type == "*") return 1;
  if (!ascii_iequals(range.type, offer.substr(0, slash))) return 0;
  if (range.subtype == "*") return 2;
  // `text/html;level=1` asks for something more special than the plain offer.
  return !range.has_parameters && ascii_iequals(range.subtype, offer.substr(slash + 1)) ? 3 : 0;
}

int quality_of(std::string_view offer, const std::vector<MediaRange>& ranges) noexcept {
  int best = 0;
  int quality = 0;
  for (const MediaRange& range : ranges) {
    const int match = specificity(range, offer);
    if (match > best || (match == best && match > 0 && range.quality > quality)) {
      best = match;
      quality = range.quality;
    }
  }
  return quality;
}

int coding_quality(const HeaderValue& value) {
  const std::string* quality = value.find("q");
  return quality == nullptr ? 1000 : parse_quality(*quality).value_or(0);
}

/// `x-gzip` is another name for it (RFC 9110 section 8.4.1.3).
bool is_coding(std::string_view name, std::string_view coding) noexcept {
  return name == coding || (name == "x-gzip" && coding == "gzip");
}

}  // namespace

bool accepts_encoding(std::string_view accept_encoding, std::string_view coding) {
  bool accepts_any = false;
  for (const std::string_view piece : split_header_list(accept_encoding)) {
    const HeaderValue value = parse_header_value(piece);
    if (is_coding(value.value, coding)) return coding_quality(value) > 0;
    if (value.value == "*") accepts_any = coding_quality(value) > 0;
  }
  return accepts_any;
}

std::vector<std::string_view> acceptable_offers(std::string_view accept,
                                                std::span<const std::string_view> offers) {
  const std::string_view header = trim_whitespace(accept);
  const auto ranges = parse_accept(header);
  if (header.empty() || !ranges) return {offers.begin(), offers.end()};
  std::vector<std::pair<int, std::string_view>> taken;
  for (const std::string_view offer : offers) {
    if (const int quality = quality_of(offer, *ranges)) taken.emplace_back(quality, offer);
  }
  std::stable_sort(taken.begin(), taken.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string_view> result;
  for (const auto& [quality, offer] : taken) result.push_back(offer);
  return result;
}

}  // namespace aiopyr
