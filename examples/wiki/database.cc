#include "database.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <utility>

#include <nlohmann/json.hpp>

#include "schema.h"

namespace wiki {

namespace {

using SQLite::Statement;
using SQLite::Transaction;
using SQLite::TransactionBehavior;

std::string text(Statement& row, int column) { return row.getColumn(column).getString(); }
std::int64_t number(Statement& row, int column) { return row.getColumn(column).getInt64(); }

std::optional<User> read_user(Statement& query) {
  if (!query.executeStep()) return std::nullopt;
  return User{number(query, 0), text(query, 1), text(query, 2), text(query, 3)};
}

Revision read_revision(Statement& row, int column) {
  return {number(row, column), text(row, column + 1), text(row, column + 2), text(row, column + 3)};
}

std::optional<Page> read_page(SQLite::Database& connection, const std::string& name) {
  Statement query(connection,
                  "SELECT pages.id, pages.name, creator_id, creator.name,"
                  " revision, data, editor.name, saved_at FROM pages"
                  " JOIN users AS creator ON creator.id = creator_id"
                  " JOIN users AS editor ON editor.id = editor_id WHERE pages.name = ?");
  query.bind(1, name);
  if (!query.executeStep()) return std::nullopt;
  return Page{number(query, 0), text(query, 1), number(query, 2), text(query, 3),
              read_revision(query, 4)};
}

/// Copies the page's current text to its history.
void keep_current(SQLite::Database& connection, std::int64_t page_id) {
  Statement keep(connection,
                 "INSERT INTO revisions (page_id, revision, data, editor_id, saved_at)"
                 " SELECT id, revision, data, editor_id, saved_at FROM pages WHERE id = ?");
  keep.bind(1, page_id);
  keep.exec();
}

void replace_current(SQLite::Database& connection, std::int64_t page_id, const std::string& data,
                     std::int64_t user_id) {
  Statement update(connection,
                   "UPDATE pages SET data = ?, editor_id = ?, revision = revision + 1,"
                   " saved_at = datetime('now') WHERE id = ?");
  update.bind(1, data);
  update.bind(2, user_id);
  update.bind(3, page_id);
  update.exec();
}

}  // namespace

void Database::create() {
  connections_.with([](SQLite::Database& connection) { create_schema(connection); });
  connections_.close_idle();
}

std::optional<User> Database::find_user(std::int64_t id) {
  return connections_.with([&](SQLite::Database& connection) {
    Statement query(connection, "SELECT id, name, role, password_hash FROM users WHERE id = ?");
    query.bind(1, id);
    return read_user(query);
  });
}

std::optional<User> Database::find_user_by_name(const std::string& name) {
  return connections_.with([&](SQLite::Database& connection) {
    Statement query(connection, "SELECT id, name, role, password_hash FROM users WHERE name = ?");
    query.bind(1, name);
    return read_user(query);
  });
}

std::optional<Page> Database::find_page(const std::string& name) {
  return connections_.with(
      [&](SQLite::Database& connection) { return read_page(connection, name); });
}

std::set<std::string> Database::existing_pages(const std::set<std::string>& names) {
  std::set<std::string> found;
  if (names.empty()) return found;
  connections_.with([&](SQLite::Database& connection) {
    // Passes one parameter, however many names there are.
    Statement query(connection,
                    "SELECT name FROM pages WHERE name IN (SELECT value FROM json_each(?))");
    query.bind(1, nlohmann::json(names).dump());
    while (query.executeStep()) found.insert(text(query, 0));
  });
  return found;
}

std::vector<Revision> Database::revisions(std::int64_t page_id, int limit) {
  return connections_.with([&](SQLite::Database& connection) {
    Statement query(
        connection,
        "SELECT revision, data, users.name, saved_at FROM"
        " (SELECT revision, data, editor_id, saved_at FROM pages WHERE id = ?1 UNION ALL"
        "  SELECT revision, data, editor_id, saved_at FROM revisions WHERE page_id = ?1)"
        " JOIN users ON users.id = editor_id ORDER BY revision DESC LIMIT ?2");
    query.bind(1, page_id);
    query.bind(2, limit);
    std::vector<Revision> found;
    while (query.executeStep()) found.push_back(read_revision(query, 0));
    return found;
  });
}

void Database::add_page(const std::string& name, const std::string& data, std::int64_t user_id) {
  connections_.with([&](SQLite::Database& connection) {
    // Takes the write lock at the start, so that what it reads stays true until the commit.
    Transaction transaction(connection, TransactionBehavior::IMMEDIATE);
    if (auto page = read_page(connection, name)) {
      if (page->current.data == data) return;
      throw EditConflict(std::move(*page), data);
    }
    insert_page(connection, name, data, user_id);
    transaction.commit();
  });
}

void Database::edit_page(const std::string& name, const std::string& data, std::int64_t user_id,
                         std::optional<std::int64_t> seen) {
  connections_.with([&](SQLite::Database& connection) {
    Transaction transaction(connection, TransactionBehavior::IMMEDIATE);
    auto page = read_page(connection, name);
    if (!page) throw std::runtime_error("there is no page " + name + " to edit");
    if (page->current.data == data) return;
    if (seen && *seen != page->current.number) throw EditConflict(std::move(*page), data);
    keep_current(connection, page->id);
    replace_current(connection, page->id, data, user_id);
    transaction.commit();
  });
}

}  // namespace wiki
