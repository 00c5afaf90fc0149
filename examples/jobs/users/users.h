#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "../database.h"

namespace jobs {

/// A row of the table `users`. Its members are named as the columns.
struct User {
  std::int64_t id = 0;
  std::string name{};
  std::string email{};
  std::string password_hash{};  ///< see shared/passwords.h
};

[[nodiscard]] aiopyr::Task<std::optional<User>> find_user(aiopyr::postgres::Database& db,
                                                          std::int64_t id);
[[nodiscard]] aiopyr::Task<std::optional<User>> find_user_by_name(aiopyr::postgres::Database& db,
                                                                  const std::string& name);

/// Adds a user and returns its id. Throws SqlError (is_unique_violation) if the name is taken.
[[nodiscard]] aiopyr::Task<std::int64_t> add_user(aiopyr::postgres::RequestTransaction& tx,
                                                  const User& user);

}  // namespace jobs
