#pragma once

#include <string>

/// Plain mails (RFC 5322), as text. Plain functions, any thread.
namespace jobs {

struct Mail {
  std::string id;  ///< unique on this site, such as `application-7`
  std::string from;
  std::string to;
  std::string reply_to_name;
  std::string reply_to;
  std::string date;
  std::string subject;
  std::string text;
};

/// Returns the message, with plain line ends, as local mail programs take it. Names, subject and
/// text may be any UTF-8: they are encoded (RFC 2047, base64), so nothing in them can begin a
/// header. Throws std::invalid_argument for addresses that check_email() refuses, and for a date or
/// an id with anything but printable ASCII.
[[nodiscard]] std::string message_of(const Mail& mail);

}  // namespace jobs
