#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// The head of one part of multipart/form-data. Internal to runtime/web; stateless, any thread.
namespace aiopyr::detail {

struct PartHead {
  std::string name;
  std::optional<std::string> filename;  // nullopt for a text field
  std::string content_type;             // empty if none was sent
  std::string transfer_encoding;        // in lower case; empty if none was sent
};

/// Throws HTTPBadRequest: "Malformed multipart body at byte N: REASON."
[[noreturn]] void throw_malformed(std::size_t position, std::string_view reason);

/// Parses a part's header block (lines separated by CRLF, without the empty one). `position` is
/// where the block starts in the body, for messages. Throws HTTPBadRequest.
[[nodiscard]] PartHead parse_part_head(std::string_view block, std::size_t position);

}  // namespace aiopyr::detail
