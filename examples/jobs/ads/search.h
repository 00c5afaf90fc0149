#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ads.h"
#include "paging.h"
#include <aiopyr/aiopyr.h>

namespace jobs {

/// A page of ads, as the parameters `q` and `page` of a request ask for it.
struct Search {
  std::string words;
  Paging paging;
  std::vector<Ad> ads;
};

/// Returns the words of the parameter `q`, of bounded length and without control characters.
[[nodiscard]] std::string search_words(aiopyr::Request& request);

/// Searches. `page` beyond the last one has no ads.
[[nodiscard]] aiopyr::Task<Search> search_ads(aiopyr::postgres::Database& db, std::string words,
                                              std::int64_t page);
/// Searches in the same way, and gives the last page in place of those beyond it.
[[nodiscard]] aiopyr::Task<Search> search_ads_within(aiopyr::postgres::Database& db,
                                                     std::string words, std::int64_t page);

}  // namespace jobs
