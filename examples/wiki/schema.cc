#include "schema.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <stdexcept>

#include "../shared/passwords.h"

namespace wiki {

namespace {

/// The version of the tables below; SQLite keeps it in the file's header (user_version).
constexpr int kSchemaVersion = 1;

constexpr const char* kTables = R"(
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL
);
CREATE TABLE pages (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  data TEXT NOT NULL,
  creator_id INTEGER NOT NULL REFERENCES users(id),
  revision INTEGER NOT NULL DEFAULT 1,
  editor_id INTEGER NOT NULL REFERENCES users(id),
  saved_at TEXT NOT NULL
);
CREATE TABLE revisions (
  page_id INTEGER NOT NULL REFERENCES pages(id),
  revision INTEGER NOT NULL,
  data TEXT NOT NULL,
  editor_id INTEGER NOT NULL REFERENCES users(id),
  saved_at TEXT NOT NULL,
  PRIMARY KEY (page_id, revision)
) WITHOUT ROWID;
)";

std::int64_t insert_user(SQLite::Database& connection, const std::string& name,
                         const std::string& role, const std::string& password) {
  SQLite::Statement insert(connection,
                           "INSERT INTO users (name, role, password_hash) VALUES (?, ?, ?)");
  insert.bind(1, name);
  insert.bind(2, role);
  insert.bind(3, shared::hash_password(password));
  insert.exec();
  return connection.getLastInsertRowid();
}

void fill(SQLite::Database& connection) {
  const auto editor = insert_user(connection, "editor", "editor", "editor");
  const auto basic = insert_user(connection, "basic", "basic", "basic");
  insert_page(connection, "FrontPage",
              "This is the front page.\n\n"
              "A word like BackPage leads to the page of that name. One that has no page yet, such "
              "as YourPage, leads to where it can be written.",
              editor);
  insert_page(connection, "BackPage", "This is the back page. FrontPage is where you came from.",
              basic);
}

}  // namespace

void create_schema(SQLite::Database& connection) {
  SQLite::Transaction transaction(connection, SQLite::TransactionBehavior::IMMEDIATE);
  const int version = connection.execAndGet("PRAGMA user_version").getInt();
  if (version == kSchemaVersion) return;
  if (version != 0 || connection.tableExists("pages")) {
    throw std::runtime_error("its tables are not this wiki's");
  }
  connection.exec(kTables);
  fill(connection);
  connection.exec("PRAGMA user_version = " + std::to_string(kSchemaVersion));
  transaction.commit();
}

void insert_page(SQLite::Database& connection, const std::string& name, const std::string& data,
                 std::int64_t creator_id) {
  SQLite::Statement insert(connection,
                           "INSERT INTO pages (name, data, creator_id, editor_id, saved_at)"
                           " VALUES (?1, ?2, ?3, ?3, datetime('now'))");
  insert.bind(1, name);
  insert.bind(2, data);
  insert.bind(3, creator_id);
  insert.exec();
}

}  // namespace wiki
