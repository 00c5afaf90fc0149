#include "pages.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <iterator>
#include <netinet/in.h>
#include <string_view>

namespace client_floor {

namespace {

struct Fortune {
  std::uint32_t id;
  std::string_view message;
};

void append(std::string& out, std::uint32_t number) {
  char digits[10];
  out.append(std::begin(digits), std::to_chars(std::begin(digits), std::end(digits), number).ptr);
}

void append(std::string& out, const World& world) {
  out += R"({"id": )";
  append(out, world.id);
  out += R"(, "randomNumber": )";
  append(out, world.random_number);
  out += '}';
}

std::string_view escaped(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return "&#x27;";
  }
}

void append_escaped(std::string& out, std::string_view text) {
  for (;;) {
    const std::size_t plain = std::min(text.find_first_of("&<>\"'"), text.size());
    out += text.substr(0, plain);
    if (plain == text.size()) return;
    out += escaped(text[plain]);
    text.remove_prefix(plain + 1);
  }
}

std::vector<Fortune> sorted_fortunes(const PGresult& rows) {
  std::vector<Fortune> fortunes{{0, "Additional fortune added at request time."}};
  const int count = ::PQntuples(&rows);
  for (int row = 0; row < count; ++row) {
    const auto length = static_cast<std::size_t>(::PQgetlength(&rows, row, 1));
    fortunes.push_back({int4_at(rows, row, 0), {::PQgetvalue(&rows, row, 1), length}});
  }
  std::ranges::sort(fortunes, {}, &Fortune::message);
  return fortunes;
}

}  // namespace

std::uint32_t int4_at(const PGresult& rows, int row, int column) {
  std::uint32_t bytes = 0;
  std::memcpy(&bytes, ::PQgetvalue(&rows, row, column), sizeof bytes);
  return ntohl(bytes);
}

void append_json(std::string& out, const std::vector<World>& worlds, bool is_list) {
  if (is_list) out += '[';
  for (const World& world : worlds) {
    if (&world != worlds.data()) out += ", ";
    append(out, world);
  }
  if (is_list) out += ']';
}

void append_fortunes(std::string& out, const PGresult& rows) {
  out +=
      "<!DOCTYPE html><html><head><title>Fortunes</title></head><body><table>"
      "<tr><th>id</th><th>message</th></tr>";
  for (const Fortune& fortune : sorted_fortunes(rows)) {
    out += "<tr><td>";
    append(out, fortune.id);
    out += "</td><td>";
    append_escaped(out, fortune.message);
    out += "</td></tr>";
  }
  out += "</table></body></html>";
}

}  // namespace client_floor
