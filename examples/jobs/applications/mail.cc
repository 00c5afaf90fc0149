#include "mail.h"

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "../forms.h"
#include <aiopyr/runtime/text/base64.h>

namespace jobs {

using namespace aiopyr;

namespace {

/// The most bytes in an encoded word: with the header's name before it, 76 characters are not
/// exceeded (RFC 2047 section 2).
constexpr std::size_t kWordBytes = 39;
/// The most characters of base64 in a line (RFC 2045 section 6.8).
constexpr std::size_t kLineChars = 76;

bool begins_character(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

/// Takes bytes off the front of `text` for one encoded word, without cutting a character.
std::string_view take_word(std::string_view& text) {
  std::size_t size = std::min(text.size(), kWordBytes);
  while (size > 0 && size < text.size() && !begins_character(text[size])) --size;
  const std::string_view word = text.substr(0, size);
  text.remove_prefix(size);
  return word;
}

/// Encodes a text for a header, as one or more words.
std::string encode_words(std::string_view text) {
  std::string words;
  while (!text.empty()) {
    if (!words.empty()) words += "\n ";
    words += "=?UTF-8?B?" + base64_encode(take_word(text)) + "?=";
  }
  return words;
}

std::string encode_lines(std::string_view text) {
  const std::string encoded = base64_encode(text);
  std::string lines;
  for (std::size_t at = 0; at < encoded.size(); at += kLineChars)
    lines += encoded.substr(at, kLineChars) + "\n";
  return lines;
}

const std::string& address(const std::string& text) {
  if (text.empty() || !check_email(text).empty())
    throw std::invalid_argument("a mail has an address that is none");
  return text;
}

const std::string& printable_ascii(const std::string& text) {
  const auto is_printable = [](char c) { return c >= ' ' && c < 0x7F; };
  if (!std::all_of(text.begin(), text.end(), is_printable))
    throw std::invalid_argument("a mail's date or id has an odd character");
  return text;
}

std::string_view domain_of(std::string_view email) { return email.substr(email.find('@') + 1); }

}  // namespace

std::string message_of(const Mail& mail) {
  std::string message;
  const auto add = [&](const char* name, const std::string& value) {
    message.append(name).append(": ").append(value).append("\n");
  };
  add("From", address(mail.from));
  add("To", address(mail.to));
  add("Reply-To", encode_words(mail.reply_to_name) + "\n <" + address(mail.reply_to) + ">");
  add("Subject", encode_words(mail.subject));
  add("Date", printable_ascii(mail.date));
  add("Message-ID", "<" + printable_ascii(mail.id) + "@" + std::string(domain_of(mail.from)) + ">");
  add("Auto-Submitted", "auto-generated");
  add("MIME-Version", "1.0");
  add("Content-Type", "text/plain; charset=UTF-8");
  add("Content-Transfer-Encoding", "base64");
  return message + "\n" + encode_lines(mail.text);
}

}  // namespace jobs
