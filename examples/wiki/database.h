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
/// makes coroutines of them. Each throws SQLite::Exception where the database cannot be used.
///
/// An edit says which revision it is of. One that is not of the page's current revision is refused
/// with EditConflict, and what a page had before an edit is kept: so of what was acknowledged,
/// nothing is lost.
class Database {
 public:
  explicit Database(std::string path) : connections_(std::move(path)) {}

  /// Makes the tables, two users and two pages, unless they are there. All connections are closed
  /// in the end, so this may be called before a fork.
  void create();

  [[nodiscard]] std::optional<User> find_user(std::int64_t id);
  [[nodiscard]] std::optional<User> find_user_by_name(const std::string& name);

  [[nodiscard]] std::optional<Page> find_page(const std::string& name);
  /// Those of the names that pages have.
  [[nodiscard]] std::set<std::string> existing_pages(const std::set<std::string>& names);
  /// The latest texts of a page, the newest first; at most `limit`.
  [[nodiscard]] std::vector<Revision> revisions(std::int64_t page_id, int limit);

  /// Throws EditConflict where there is such a page, with another text.
  void add_page(const std::string& name, const std::string& data, std::int64_t user_id);
  /// Replaces the text of an existing page. `seen` is the revision that the user has edited;
  /// without it, whichever is the current one. To save what is there already does nothing. Throws
  /// EditConflict.
  void edit_page(const std::string& name, const std::string& data, std::int64_t user_id,
                 std::optional<std::int64_t> seen);

 private:
  ConnectionPool connections_;
};

}  // namespace wiki
