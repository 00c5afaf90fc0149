#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../database.h"

namespace jobs {

/// An ad, with the name of its owner and that of its attachment.
struct Ad {
  std::int64_t id = 0;
  std::int64_t owner_id = 0;
  std::string owner;
  std::string title;
  std::string company;
  std::string place;
  std::string description;
  std::optional<std::int32_t> salary;     ///< euro in a year
  std::string posted_at;                  ///< UTC, "2026-01-31T12:00:00Z"
  std::string updated_at;                 ///< UTC
  std::optional<std::string> attachment;  ///< the file's name
};

[[nodiscard]] aiopyr::Task<std::optional<Ad>> find_ad(aiopyr::postgres::Database& db,
                                                      std::int64_t id);

/// Returns how many ads match. `search` is what somebody has typed (websearch_to_tsquery); an empty
/// one matches all.
[[nodiscard]] aiopyr::Task<std::int64_t> count_ads(aiopyr::postgres::Database& db,
                                                   std::string search);
/// Returns some of them: the newest first, or the best match first.
[[nodiscard]] aiopyr::Task<std::vector<Ad>> list_ads(aiopyr::postgres::Database& db,
                                                     std::string search, std::int64_t offset,
                                                     std::int64_t limit);

// Write what forms say: title, company, place, description and salary of an Ad.

/// Returns the new ad's id.
[[nodiscard]] aiopyr::Task<std::int64_t> add_ad(aiopyr::postgres::RequestTransaction& tx,
                                                const Ad& ad);
[[nodiscard]] aiopyr::Task<std::uint64_t> update_ad(aiopyr::postgres::RequestTransaction& tx,
                                                    const Ad& ad);
[[nodiscard]] aiopyr::Task<std::uint64_t> delete_ad(aiopyr::postgres::RequestTransaction& tx,
                                                    std::int64_t id);

}  // namespace jobs
