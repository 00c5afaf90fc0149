#include "examples/jobs/applications/mail.h"

#include <stdexcept>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/text/base64.h>

using jobs::Mail;
using jobs::message_of;

namespace {

Mail mail() {
  return {.id = "application-7",
          .from = "jobs@example.com",
          .to = "ada@example.com",
          .reply_to_name = "Emmy",
          .reply_to = "emmy@example.com",
          .date = "Tue, 01 Dec 2026 12:00:00 +0000",
          .subject = "Application: Baker",
          .text = "Hello\n"};
}

/// Returns what the encoded words of a header hold together.
std::string decode_words(const std::string& message, const std::string& name) {
  std::string decoded;
  std::string_view rest = std::string_view(message).substr(message.find("\n" + name + ": ") + 1);
  rest = rest.substr(name.size() + 2);
  for (;;) {
    if (!rest.starts_with("=?UTF-8?B?")) return decoded;
    rest.remove_prefix(10);
    decoded += aiopyr::base64_decode(rest.substr(0, rest.find('?'))).value();
    rest.remove_prefix(rest.find("?=") + 2);
    if (rest.starts_with("\n ")) rest.remove_prefix(2);
  }
}

}  // namespace

TEST_CASE("A mail has its headers, an empty line and its text in base64", "[examples][jobs]") {
  CHECK(message_of(mail()) ==
        "From: jobs@example.com\n"
        "To: ada@example.com\n"
        "Reply-To: =?UTF-8?B?RW1teQ==?=\n <emmy@example.com>\n"
        "Subject: =?UTF-8?B?QXBwbGljYXRpb246IEJha2Vy?=\n"
        "Date: Tue, 01 Dec 2026 12:00:00 +0000\n"
        "Message-ID: <application-7@example.com>\n"
        "Auto-Submitted: auto-generated\n"
        "MIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=UTF-8\n"
        "Content-Transfer-Encoding: base64\n"
        "\n"
        "SGVsbG8K\n");
}

TEST_CASE("Whatever a subject or a name holds comes back, and begins no header",
          "[examples][jobs]") {
  for (const std::string& text :
       {std::string("a\r\nBcc: all@example.com"), std::string("\0x", 2),
        std::string("=?UTF-8?Q?x?="), std::string("\n\n"), std::string("\"<>,;:"),
        std::string("\xE2\x82\xAC\xF0\x9F\x98\x80"), std::string(1000, 'x')}) {
    Mail odd = mail();
    odd.subject = text;
    odd.reply_to_name = text;
    const std::string message = message_of(odd);
    CHECK(decode_words(message, "Subject") == text);
    CHECK(decode_words(message, "Reply-To") == text);
    CHECK(message.find("\nBcc") == std::string::npos);
    CHECK(message.find('\r') == std::string::npos);
  }
}

TEST_CASE("No line of a mail is too long, and no character is cut", "[examples][jobs]") {
  for (std::size_t before = 0; before < 50; ++before) {
    Mail wide = mail();
    wide.subject = std::string(before, 'a');
    for (int i = 0; i < 40; ++i) wide.subject += "\xF0\x9F\x98\x80";
    wide.text = std::string(10'000, 'b');
    const std::string message = message_of(wide);
    for (std::size_t at = 0, end = 0; end != std::string::npos; at = end + 1) {
      end = message.find('\n', at);
      REQUIRE(std::min(end, message.size()) - at <= 76);
    }
    // Each word is UTF-8 by itself: it begins with the first byte of a character.
    std::size_t at = message.find("\nSubject: ") + 1;
    for (; message.compare(at, 2, "Da") != 0; at = message.find('\n', at) + 1) {
      const std::size_t word = message.find("=?UTF-8?B?", at) + 10;
      const auto bytes = aiopyr::base64_decode(
          std::string_view(message).substr(word, message.find('?', word) - word));
      REQUIRE((static_cast<unsigned char>(bytes.value().at(0)) & 0xC0) != 0x80);
    }
  }
}

TEST_CASE("A mail is refused whose addresses, date or id could begin a header",
          "[examples][jobs]") {
  for (std::string Mail::*part :
       {&Mail::from, &Mail::to, &Mail::reply_to, &Mail::date, &Mail::id}) {
    Mail odd = mail();
    odd.*part += "\nBcc: all@example.com";
    CHECK_THROWS_AS(message_of(odd), std::invalid_argument);
  }
  for (const char* address :
       {"", "a", "@", "a@", "@b", "a@b@c", "a b@c", "<a@b>", "a@b,c", "\xC3\xBC@b"}) {
    Mail odd = mail();
    odd.to = address;
    CHECK_THROWS_AS(message_of(odd), std::invalid_argument);
  }
}
