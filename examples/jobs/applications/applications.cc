#include "applications.h"

namespace jobs {

using namespace aiopyr;

Task<std::int64_t> add_application(postgres::Database& db, std::int64_t ad_id,
                                   const std::string& name, const std::string& email,
                                   const std::string& message) {
  return db.query_one<std::int64_t>(
      "insert into applications (ad_id, name, email, message) values ($1, $2, $3, $4) returning id",
      ad_id, name, email, message);
}

Task<std::uint64_t> remove_application(postgres::Database& db, std::int64_t id) {
  return db.execute("delete from applications where id = $1", id);
}

Task<std::optional<Application>> take_unsent(postgres::Transaction& tx, std::int64_t id) {
  return tx.query_optional<Application>(
      "select applications.id, applications.name, applications.email, message, title,"
      " to_char(applications.created_at at time zone 'UTC', 'Dy, DD Mon YYYY HH24:MI:SS +0000')"
      "   as date, users.email as owner_email"
      " from applications join ads on ads.id = ad_id join users on users.id = owner_id"
      " where applications.id = $1 and sent_at is null for update of applications",
      id);
}

Task<std::uint64_t> mark_sent(postgres::Transaction& tx, std::int64_t id) {
  return tx.execute("update applications set sent_at = now() where id = $1", id);
}

}  // namespace jobs
