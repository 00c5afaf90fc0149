#pragma once

#include <exception>
#include <string>

#include <aiopyr/async.h>
#include <aiopyr/postgres.h>

/// The scenarios that the functional tests run with the PostgreSQL client. Each prints what it
/// found, one line each, and throws where an answer is wrong.
namespace scenarios {

using aiopyr::Task;
using aiopyr::postgres::Database;

/// Throws where an answer is not what it has to be.
void require(bool holds, const std::string& what);
/// Returns the name of an error's class, with the SQLSTATE of a SqlError.
std::string kind_of(const std::exception_ptr& error);

/// Asks ten thousand times, and cancels at random moments; checks that each answer is its asker's.
Task<void> cancellations(Database* db);
/// Asks until a file exists at `path`, while the server comes and goes, and tells how that ended.
Task<void> load(Database* db, std::string path);
/// Uses up a pool of one connection.
Task<void> full(Database* db);
/// Streams a million rows, and tells how much the memory grew.
Task<void> stream(Database* db);
/// Copies rows in, out, and half.
Task<void> copy(Database* db);
/// Listens, and tells what comes until `end` does.
Task<void> listen(Database* db);
/// Has two transactions conflict.
Task<void> conflict(Database* db);
/// Commits, rolls back, nests and destroys transactions.
Task<void> transactions(Database* db);
/// Runs what takes too long.
Task<void> timeouts(Database* db);
/// Asks once, and tells the answer or the error.
Task<void> once(Database* db, std::string sql);

}  // namespace scenarios
