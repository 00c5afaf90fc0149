#include "search.h"

#include <algorithm>
#include <utility>

#include "../forms.h"
#include <aiopyr/runtime/text/ascii.h>

namespace jobs {

using namespace aiopyr;

namespace {

constexpr std::size_t kMaxWords = 200;  // characters

Task<Search> search_page(postgres::Database& db, std::string words, Paging paging) {
  auto listing = list_ads(db, words, paging.offset(), Paging::kSize);
  std::vector<Ad> ads = co_await std::move(listing);
  co_return Search{std::move(words), paging, std::move(ads)};
}

}  // namespace

std::string search_words(Request& request) {
  std::string words(request.GET().get("q", ""));
  std::replace_if(
      words.begin(), words.end(), [](unsigned char c) { return c < ' '; }, ' ');
  if (character_count(words) > kMaxWords) throw HTTPBadRequest("Please search for fewer words.");
  return std::string(trim_whitespace(words));
}

Task<Search> search_ads(postgres::Database& db, std::string words, std::int64_t page) {
  const std::int64_t count = co_await count_ads(db, words);
  auto searching = search_page(db, std::move(words), Paging{page, count});
  co_return co_await std::move(searching);
}

Task<Search> search_ads_within(postgres::Database& db, std::string words, std::int64_t page) {
  const std::int64_t count = co_await count_ads(db, words);
  Paging paging{page, count};
  paging.page = std::min(page, paging.pages());
  auto searching = search_page(db, std::move(words), paging);
  co_return co_await std::move(searching);
}

}  // namespace jobs
