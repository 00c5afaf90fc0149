#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "models.h"
#include <aiopyr/aiopyr.h>

namespace wiki {

class Database;

/// The database for code that must not block: coroutine functions, each of which runs in a thread
/// of a pool of its own (use_executor), as Aiopyramid's DatabaseUtilities. On a fiber, synchronize
/// them. One for the whole app, shared by all requests.
class Store {
 public:
  /// Opens the file at `path`, which is created if it does not exist.
  explicit Store(const std::string& path);

  /// Returns the user of that name, if the password is right. An unknown name takes as long as a
  /// wrong password.
  [[nodiscard]] aiopyr::Task<std::optional<User>> check_login(std::string name,
                                                              std::string password) const;

  // The functions of database.h.

  std::function<aiopyr::Task<std::optional<User>>(std::int64_t id)> find_user;
  std::function<aiopyr::Task<std::optional<Page>>(std::string name)> find_page;
  std::function<aiopyr::Task<std::set<std::string>>(std::set<std::string> names)> existing_pages;
  std::function<aiopyr::Task<std::vector<Revision>>(std::int64_t page_id, int limit)> revisions;
  std::function<aiopyr::Task<>(std::string name, std::string data, std::int64_t user_id)> add_page;
  std::function<aiopyr::Task<>(std::string name, std::string data, std::int64_t user_id,
                               std::optional<std::int64_t> seen)>
      edit_page;

 private:
  std::function<aiopyr::Task<std::optional<User>>(std::string name)> find_user_by_name_;
  std::function<aiopyr::Task<bool>(std::string hash, std::string password)> check_password_;
};

/// Returns the app's store, which the app makes a property of its requests.
[[nodiscard]] const Store& store_of(aiopyr::Request& request);

}  // namespace wiki
