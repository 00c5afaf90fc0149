#include <algorithm>
#include <optional>
#include <string>

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/header_params.h>
#include <aiopyr/runtime/web/http/accept.h>

namespace aiopyr {
namespace {

using Parameters = decltype(HeaderValue::params);

struct MediaType {
  std::string type;  // in lower case, as are subtype and the names of parameters
  std::string subtype;
  Parameters parameters{};
};

struct MediaRange : MediaType {
  int quality = 1000;  // in thousandths
};

/// Parses `1`, `0.5`, `0.123` (RFC 9110 section 12.4.2) into thousandths.
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

std::optional<MediaType> parse_type(HeaderValue value) {
  const auto slash = value.value.find('/');
  if (slash == std::string::npos) return std::nullopt;
  MediaType type{value.value.substr(0, slash), value.value.substr(slash + 1)};
  if (!is_http_token(type.type) || !is_http_token(type.subtype)) return std::nullopt;
  type.parameters = std::move(value.params);
  return type;
}

std::optional<MediaRange> parse_range(std::string_view text) {
  auto type = parse_type(parse_header_value(text));
  if (!type || (type->type == "*" && type->subtype != "*")) return std::nullopt;
  MediaRange range{std::move(*type)};
  Parameters& parameters = range.parameters;
  const auto weight = std::find_if(parameters.begin(), parameters.end(),
                                   [](const auto& parameter) { return parameter.first == "q"; });
  if (weight == parameters.end()) return range;
  const auto quality = parse_quality(weight->second);
  if (!quality) return std::nullopt;
  range.quality = *quality;
  // Drops what follows the weight: it does not describe the type (RFC 7231 section 5.3.2,
  // accept-ext).
  parameters.erase(weight, parameters.end());
  return range;
}

/// Parses the ranges of a header; nullopt if it is malformed.
std::optional<std::vector<MediaRange>> parse_accept(std::string_view header) {
  std::vector<MediaRange> ranges;
  for (const std::string_view piece : split_header_list(header)) {
    auto range = parse_range(piece);
    if (!range) return std::nullopt;
    ranges.push_back(std::move(*range));
  }
  return ranges;
}

/// Returns how closely a range describes an offer (RFC 9110 section 12.5.1): 4 with its parameters,
/// 3 without any, 2 `type/*`, 1 `*/*`, 0 not at all. So a range without parameters accepts an offer
/// with some, but not the reverse.
int specificity(const MediaRange& range, const MediaType& offer) noexcept {
  if (range.type == "*") return 1;
  if (range.type != offer.type) return 0;
  if (range.subtype == "*") return 2;
  if (range.subtype != offer.subtype) return 0;
  if (range.parameters.empty()) return 3;
  return range.parameters == offer.parameters ? 4 : 0;
}

/// Returns the quality of an offer; of ranges that are equally close the first one counts.
int quality_of(const MediaType& offer, const std::vector<MediaRange>& ranges) noexcept {
  int best = 0;
  int quality = 0;
  for (const MediaRange& range : ranges) {
    const int match = specificity(range, offer);
    if (match <= best) continue;
    best = match;
    quality = range.quality;
  }
  return quality;
}

int coding_quality(const HeaderValue& value) {
  const std::string* quality = value.find("q");
  return quality == nullptr ? 1000 : parse_quality(*quality).value_or(0);
}

/// Returns whether `name` is `coding`; `x-gzip` is another name of gzip (RFC 9110 section 8.4.1.3).
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
    const auto type = parse_type(parse_header_value(offer));
    const int quality = type ? quality_of(*type, *ranges) : 0;
    if (quality > 0) taken.emplace_back(quality, offer);
  }
  std::stable_sort(taken.begin(), taken.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string_view> result;
  for (const auto& [quality, offer] : taken) result.push_back(offer);
  return result;
}

}  // namespace aiopyr
