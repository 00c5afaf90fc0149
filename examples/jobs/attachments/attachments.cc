#include "attachments.h"

#include <span>

#include "file_names.h"

namespace jobs {

using namespace aiopyr;

Task<std::optional<Attachment>> find_attachment(postgres::Database& db, std::int64_t ad_id) {
  return db.query_optional<Attachment>(
      "select filename, content_type, bytes from attachments where ad_id = $1", ad_id);
}

Task<std::uint64_t> put_attachment(postgres::RequestTransaction& tx, std::int64_t ad_id,
                                   const FileField& file) {
  return tx.execute(
      "insert into attachments (ad_id, filename, content_type, bytes) values ($1, $2, $3, $4)"
      " on conflict (ad_id) do update set filename = excluded.filename,"
      " content_type = excluded.content_type, bytes = excluded.bytes",
      ad_id, safe_filename(file.basename()), safe_content_type(file.content_type),
      std::as_bytes(std::span(file.bytes)));
}

Task<std::uint64_t> remove_attachment(postgres::RequestTransaction& tx, std::int64_t ad_id) {
  return tx.execute("delete from attachments where ad_id = $1", ad_id);
}

}  // namespace jobs
