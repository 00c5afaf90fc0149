#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "connection_pool.h"
#include "models.h"

namespace wiki {

/// The wiki's tables, by functions that block; any thread, many at a time, of many processes. Store
/// makes coroutines of them. Each throws SQLite::Exception if the database cannot be used.
///
/// An edit names the revision that it changes. If that is not the page's current one, it is refused
/// with EditConflict. The text before an edit is kept, so no acknowledged text is lost.
class Database {
 public:
  explicit Database(std::string path) : connections_(std::move(path)) {}

  /// Makes the tables, two users and two pages, unless they are there. All connections are closed
  /// in the end, so this may be called before a fork.
  void create();

  [[nodiscard]] std::optional<User> find_user(std::int64_t id);
  [[nodiscard]] std::optional<User> find_user_by_name(const std::string& name);

  [[nodiscard]] std::optional<Page> find_page(const std::string& name);
  /// Returns those of the names for which there are pages.
  [[nodiscard]] std::set<std::string> existing_pages(const std::set<std::string>& names);
  /// Returns the latest texts of a page, the newest first; at most `limit`.
  [[nodiscard]] std::vector<Revision> revisions(std::int64_t page_id, int limit);

  /// Throws EditConflict if there is such a page, with another text.
  void add_page(const std::string& name, const std::string& data, std::int64_t user_id);
  /// Replaces the text of an existing page. `seen` is the revision that the user has edited;
  /// without it, the current one. Does nothing if the text is the same. Throws EditConflict.
  void edit_page(const std::string& name, const std::string& data, std::int64_t user_id,
                 std::optional<std::int64_t> seen);

 private:
  ConnectionPool connections_;
};

}  // namespace wiki
