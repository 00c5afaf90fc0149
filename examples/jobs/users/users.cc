#include "users.h"

namespace jobs {

using namespace aiopyr;

Task<std::optional<User>> find_user(postgres::Database& db, std::int64_t id) {
  return db.query_optional<User>("select * from users where id = $1", id);
}

Task<std::optional<User>> find_user_by_name(postgres::Database& db, const std::string& name) {
  return db.query_optional<User>("select * from users where lower(name) = lower($1)", name);
}

Task<std::int64_t> add_user(postgres::RequestTransaction& tx, const User& user) {
  return tx.query_one<std::int64_t>(
      "insert into users (name, email, password_hash) values ($1, $2, $3) returning id", user.name,
      user.email, user.password_hash);
}

}  // namespace jobs
