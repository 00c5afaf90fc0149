#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "../database.h"

namespace jobs {

/// The most bytes of an attachment.
inline constexpr std::size_t kMaxAttachment = 2 * 1024 * 1024;

/// The file of an ad.
struct Attachment {
  std::string filename;
  std::string content_type;
  aiopyr::postgres::Bytes bytes;
};

[[nodiscard]] aiopyr::Task<std::optional<Attachment>> find_attachment(
    aiopyr::postgres::Database& db, std::int64_t ad_id);

/// Adds the file of an ad, or replaces it. Throws SqlError (is_foreign_key_violation) if the ad was
/// deleted meanwhile.
[[nodiscard]] aiopyr::Task<std::uint64_t> put_attachment(aiopyr::postgres::RequestTransaction& tx,
                                                         std::int64_t ad_id,
                                                         const aiopyr::FileField& file);
[[nodiscard]] aiopyr::Task<std::uint64_t> remove_attachment(
    aiopyr::postgres::RequestTransaction& tx, std::int64_t ad_id);

}  // namespace jobs
