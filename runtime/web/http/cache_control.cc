
#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/header_params.h>
#include <aiopyr/runtime/web/http/cache_control.h>

namespace aiopyr {

namespace {

using MaybeSeconds = std::optional<std::chrono::seconds>;

struct Flag {
  std::string_view name;
  bool CacheControl::*member;
};
struct Number {
  std::string_view name;
  MaybeSeconds CacheControl::*member;
};

constexpr Flag kFlags[] = {
    {"immutable", &CacheControl::immutable},
    {"must-revalidate", &CacheControl::must_revalidate},
    {"no-cache", &CacheControl::no_cache},
    {"no-store", &CacheControl::no_store},
    {"no-transform", &CacheControl::no_transform},
    {"private", &CacheControl::is_private},
    {"proxy-revalidate", &CacheControl::proxy_revalidate},
    {"public", &CacheControl::is_public},
};
constexpr Number kNumbers[] = {
    {"max-age", &CacheControl::max_age},
    {"s-maxage", &CacheControl::s_maxage},
    {"stale-if-error", &CacheControl::stale_if_error},
    {"stale-while-revalidate", &CacheControl::stale_while_revalidate},
};

MaybeSeconds parse_seconds(std::string_view text) {
  if (text.size() > 1 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  const auto seconds = parse_number<long long>(text);
  if (!seconds) return {};
  return std::chrono::seconds(*seconds);
}

void read_directive(CacheControl& directives, std::string_view text) {
  const auto equals = text.find('=');
  const std::string_view name = trim_whitespace(text.substr(0, equals));
  const std::string_view value =
      equals == std::string_view::npos ? "" : trim_whitespace(text.substr(equals + 1));
  for (const Flag& flag : kFlags) {
    if (ascii_iequals(flag.name, name)) directives.*flag.member = true;
  }
  for (const Number& number : kNumbers) {
    if (ascii_iequals(number.name, name)) directives.*number.member = parse_seconds(value);
  }
}

}  // namespace

CacheControl CacheControl::parse(std::string_view header) {
  CacheControl directives;
  for (const std::string_view text : split_header_list(header)) read_directive(directives, text);
  return directives;
}

std::string CacheControl::to_string() const {
  std::string header;
  const auto append = [&header](std::string_view directive) {
    if (!header.empty()) header += ", ";
    header += directive;
  };
  const Number* number = std::begin(kNumbers);
  const auto append_numbers_before = [&](std::string_view name) {
    for (; number != std::end(kNumbers) && (name.empty() || number->name < name); ++number) {
      const MaybeSeconds& value = this->*number->member;
      if (value) append(std::string(number->name) + "=" + std::to_string(value->count()));
    }
  };
  for (const Flag& flag : kFlags) {
    append_numbers_before(flag.name);
    if (this->*flag.member) append(flag.name);
  }
  append_numbers_before({});
  return header;
}

void CacheControl::update(const CacheControl& other) {
  for (const Flag& flag : kFlags) {
    if (other.*flag.member) this->*flag.member = true;
  }
  for (const Number& number : kNumbers) {
    if (other.*number.member) this->*number.member = other.*number.member;
  }
}

}  // namespace aiopyr
