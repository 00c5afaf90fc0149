#include <postgresql/libpq-fe.h>
#include <utility>

#include <aiopyr/clients/postgres/values/sql_error.h>
#include <aiopyr/runtime/base/one_line.h>
#include <aiopyr/runtime/base/parse_number.h>

namespace aiopyr::postgres {

namespace {

constexpr std::size_t kShownStatement = 120;
constexpr std::size_t kShownMessage = 500;

/// Shortens UTF-8 text to about `most` bytes, without cutting a character.
std::string shorten(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return std::string(text.substr(0, most)) + "...";
}

std::string describe(const SqlErrorFields& fields) {
  const std::string sqlstate = fields.sqlstate.empty() ? "" : "SQLSTATE " + fields.sqlstate + ": ";
  return sqlstate + one_line(shorten(fields.message, kShownMessage));
}

/// Returns whether the same statement may succeed later, or at another server.
Retry retry_of(std::string_view sqlstate) {
  // The server itself does not know whether the transaction was committed.
  if (sqlstate == "08007" || sqlstate == "40003") return Retry::kUnsafe;
  // Lost connections, rolled back transactions, too few resources, and shutdowns and the like;
  // locks that others have, and a server that only reads.
  for (const std::string_view prefix : {"08", "40", "53", "57", "55006", "55P03", "25006"}) {
    if (sqlstate.starts_with(prefix)) return Retry::kSafe;
  }
  return Retry::kUseless;
}

/// Joins runs of spaces and line ends to one space each.
std::string join_spaces(std::string_view text) {
  std::string joined;
  for (const char c : text) {
    const bool is_space = c == ' ' || (c >= '\t' && c <= '\r');
    if (!is_space) {
      joined += c;
    } else if (!joined.empty() && joined.back() != ' ') {
      joined += ' ';
    }
  }
  if (joined.ends_with(' ')) joined.pop_back();
  return joined;
}

std::string error_field(const pg_result* result, int code) {
  const char* const text = PQresultErrorField(result, code);
  return text == nullptr ? "" : text;
}

}  // namespace

SqlError::SqlError(SqlErrorFields fields, std::string_view statement, std::string server)
    : ServerError({.client = kClientName,
                   .server = std::move(server),
                   .operation = shorten_statement(statement)},
                  describe(fields), retry_of(fields.sqlstate)),
      fields_(std::make_shared<const SqlErrorFields>(std::move(fields))) {}

SqlError SqlError::from(const pg_result* result, std::string_view statement, std::string server) {
  SqlErrorFields fields{
      .sqlstate = error_field(result, PG_DIAG_SQLSTATE),
      .severity = error_field(result, PG_DIAG_SEVERITY_NONLOCALIZED),
      .message = error_field(result, PG_DIAG_MESSAGE_PRIMARY),
      .detail = error_field(result, PG_DIAG_MESSAGE_DETAIL),
      .hint = error_field(result, PG_DIAG_MESSAGE_HINT),
      .context = error_field(result, PG_DIAG_CONTEXT),
      .schema = error_field(result, PG_DIAG_SCHEMA_NAME),
      .table = error_field(result, PG_DIAG_TABLE_NAME),
      .column = error_field(result, PG_DIAG_COLUMN_NAME),
      .data_type = error_field(result, PG_DIAG_DATATYPE_NAME),
      .constraint = error_field(result, PG_DIAG_CONSTRAINT_NAME),
      .position =
          parse_number<std::uint32_t>(error_field(result, PG_DIAG_STATEMENT_POSITION)).value_or(0),
  };
  // libpq's own errors have no fields, only a text.
  if (fields.message.empty()) fields.message = join_spaces(PQresultErrorMessage(result));
  return {std::move(fields), statement, std::move(server)};
}

bool SqlError::is_of_class(std::string_view first_two) const noexcept {
  return std::string_view(sqlstate()).starts_with(first_two);
}

bool SqlError::is_admin_shutdown() const noexcept {
  return is("57P01") || is("57P02") || is("57P03") || is("57P04") || is("57P05");
}

bool SqlError::is_stale_statement() const noexcept {
  if (is("26000")) return true;
  return is("0A000") && message() == "cached plan must not change result type";
}

std::string shorten_statement(std::string_view statement) {
  // Enough to fill what is shown, unless it is mostly spaces.
  return shorten(join_spaces(statement.substr(0, 8 * kShownStatement)), kShownStatement);
}

}  // namespace aiopyr::postgres
