#include <aiopyr/runtime/web/routing/path_regex.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <array>
#include <cctype>
#include <cstdint>
#include <pcre2.h>

namespace aiopyr::detail {

namespace {

// The limits of a match: far above the needs of a route for the longest path that a server accepts,
// far below what a client could use to keep a core busy.
constexpr std::uint32_t kMatchLimit = 1'000'000;
constexpr std::uint32_t kHeapLimitKiB = 8 * 1024;

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using MatchData = std::unique_ptr<pcre2_match_data, FreeWith<pcre2_match_data_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, FreeWith<pcre2_match_context_free>>;

std::string message_of(int code) {
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(code, text.data(), text.size());
  return reinterpret_cast<const char*>(text.data());
}

PCRE2_SPTR units(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

}  // namespace

struct PathRegex::Code {
  std::unique_ptr<pcre2_code, FreeWith<pcre2_code_free>> code;
  MatchContext limits;
};

void PathRegex::Deleter::operator()(Code* code) const noexcept { delete code; }

PathRegex::PathRegex(const std::string& pattern) {
  int error = 0;
  PCRE2_SIZE at = 0;
  pcre2_code* code =
      pcre2_compile(units(pattern), pattern.size(), PCRE2_UTF | PCRE2_UCP, &error, &at, nullptr);
  if (code == nullptr) throw RegexError(message_of(error), at);
  code_.reset(new Code{});
  code_->code.reset(code);
  code_->limits.reset(pcre2_match_context_create(nullptr));
  if (!code_->limits) throw std::bad_alloc();
  pcre2_set_match_limit(code_->limits.get(), kMatchLimit);
  pcre2_set_heap_limit(code_->limits.get(), kHeapLimitKiB);
}

int PathRegex::group(const std::string& name) const {
  return pcre2_substring_number_from_name(code_->code.get(), units(name));
}

std::optional<std::vector<std::string_view>> PathRegex::match(std::string_view text) const {
  const MatchData data(pcre2_match_data_create_from_pattern(code_->code.get(), nullptr));
  if (!data) throw std::bad_alloc();
  const int found = pcre2_match(code_->code.get(), units(text), text.size(), 0, PCRE2_ANCHORED,
                                data.get(), code_->limits.get());
  if (found == PCRE2_ERROR_NOMATCH) return std::nullopt;
  if (found < 0) throw Error("matching a path: " + message_of(found));
  const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(data.get());
  std::vector<std::string_view> groups(pcre2_get_ovector_count(data.get()));
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (ends[2 * i] == PCRE2_UNSET || ends[2 * i] > ends[2 * i + 1]) continue;
    groups[i] = text.substr(ends[2 * i], ends[2 * i + 1] - ends[2 * i]);
  }
  return groups;
}

std::string regex_quote(std::string_view text) {
  std::string quoted;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && std::isalnum(byte) == 0) quoted += '\\';
    quoted += c;
  }
  return quoted;
}

}  // namespace aiopyr::detail
