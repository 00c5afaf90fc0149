#pragma once

#include <SQLiteCpp/Database.h>
#include <cstdint>
#include <string>

namespace wiki {

/// Makes the tables in a new database, with the first users and pages. Does nothing in one that has
/// them, even if several processes start at once. Throws SQLite::Exception, and std::runtime_error
/// for a file of another version of the wiki.
void create_schema(SQLite::Database& connection);

/// Adds a page in its first revision.
void insert_page(SQLite::Database& connection, const std::string& name, const std::string& data,
                 std::int64_t creator_id);

}  // namespace wiki
