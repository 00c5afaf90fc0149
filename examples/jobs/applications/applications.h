#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "../database.h"

namespace jobs {

/// An application for a job, with what its mail needs.
struct Application {
  std::int64_t id = 0;
  std::string name;
  std::string email;
  std::string message;
  std::string date;         ///< as in a mail's header
  std::string title;        ///< of the ad
  std::string owner_email;  ///< who gets the mail
};

/// Adds an application and returns its id.
[[nodiscard]] aiopyr::Task<std::int64_t> add_application(aiopyr::postgres::Database& db,
                                                         std::int64_t ad_id,
                                                         const std::string& name,
                                                         const std::string& email,
                                                         const std::string& message);
[[nodiscard]] aiopyr::Task<std::uint64_t> remove_application(aiopyr::postgres::Database& db,
                                                             std::int64_t id);

/// Returns an application whose mail was not sent yet, and keeps others from it until the
/// transaction ends; nullopt if it was sent, or if its ad was deleted.
[[nodiscard]] aiopyr::Task<std::optional<Application>> take_unsent(
    aiopyr::postgres::Transaction& tx, std::int64_t id);
[[nodiscard]] aiopyr::Task<std::uint64_t> mark_sent(aiopyr::postgres::Transaction& tx,
                                                    std::int64_t id);

}  // namespace jobs
