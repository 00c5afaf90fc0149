#include "ads.h"

#include <utility>

namespace jobs {

using namespace aiopyr;

namespace {

/// The beginning of a query whose rows are read as Ad: columns are named as its members.
constexpr const char* kSelect = R"(
  select ads.id, owner_id, users.name as owner, title, company, place, description, salary,
    to_char(ads.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as posted_at,
    to_char(ads.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as updated_at,
    attachments.filename as attachment
  from ads join users on users.id = owner_id left join attachments on ad_id = ads.id )";

const std::string kSelectOne = std::string(kSelect) + "where ads.id = $1";
const std::string kSelectPage = std::string(kSelect) + "order by ads.id desc offset $1 limit $2";
// The query is written twice, since PostgreSQL uses the index only for one that stands in `where`.
const std::string kSelectFound =
    std::string(kSelect) +
    "where search @@ websearch_to_tsquery('english', $3) "
    "order by ts_rank(search, websearch_to_tsquery('english', $3)) desc, ads.id desc "
    "offset $1 limit $2";

Task<std::vector<Ad>> read_all(Task<postgres::Rows> asking) {
  const postgres::Rows rows = co_await std::move(asking);
  co_return rows.as<Ad>().to_vector();
}

}  // namespace

Task<std::optional<Ad>> find_ad(postgres::Database& db, std::int64_t id) {
  return db.query_optional<Ad>(kSelectOne, id);
}

Task<std::int64_t> count_ads(postgres::Database& db, std::string search) {
  if (search.empty()) return db.query_one<std::int64_t>("select count(*) from ads");
  return db.query_one<std::int64_t>(
      "select count(*) from ads where search @@ websearch_to_tsquery('english', $1)", search);
}

Task<std::vector<Ad>> list_ads(postgres::Database& db, std::string search, std::int64_t offset,
                               std::int64_t limit) {
  if (search.empty()) return read_all(db.query(kSelectPage, offset, limit));
  return read_all(db.query(kSelectFound, offset, limit, search));
}

Task<std::int64_t> add_ad(postgres::RequestTransaction& tx, const Ad& ad) {
  return tx.query_one<std::int64_t>(
      "insert into ads (owner_id, title, company, place, description, salary)"
      " values ($1, $2, $3, $4, $5, $6) returning id",
      ad.owner_id, ad.title, ad.company, ad.place, ad.description, ad.salary);
}

Task<std::uint64_t> update_ad(postgres::RequestTransaction& tx, const Ad& ad) {
  return tx.execute(
      "update ads set title = $2, company = $3, place = $4, description = $5, salary = $6,"
      " updated_at = now() where id = $1",
      ad.id, ad.title, ad.company, ad.place, ad.description, ad.salary);
}

Task<std::uint64_t> delete_ad(postgres::RequestTransaction& tx, std::int64_t id) {
  return tx.execute("delete from ads where id = $1", id);
}

}  // namespace jobs
