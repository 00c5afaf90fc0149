#pragma once

/// The PostgreSQL client: `#include <aiopyr/postgres.h>`. The app links with libaiopyr-postgres.a
/// and libpq: docs/postgresql.md.
#include <aiopyr/runtime/base/compiler.h>

#include <aiopyr/clients/postgres/database.h>
#include <aiopyr/clients/postgres/values/json.h>
#include <aiopyr/clients/postgres/values/rows.h>
#include <aiopyr/clients/postgres/values/sql_error.h>
