#pragma once

#include <aiopyr/aiopyr.h>
#include <aiopyr/clients/web/postgres/request_transaction.h>
#include <aiopyr/postgres.h>

namespace jobs {

/// Returns the worker's database, for what only reads: its queries share connections with those of
/// other requests, and each stands alone.
[[nodiscard]] aiopyr::postgres::Database& database(const aiopyr::Request& request);

/// Makes the database on each worker, and gives each request a transaction, for what writes
/// (postgres::request_transaction): committed with a response below 400, else rolled back. It has a
/// connection of its own, so a request that has written asks the database() no more. Needs the
/// setting postgres.url.
void include_database(aiopyr::Configurator& config);

}  // namespace jobs
