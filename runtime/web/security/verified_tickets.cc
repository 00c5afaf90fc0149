#include <aiopyr/runtime/base/text_map.h>
#include <aiopyr/runtime/web/security/verified_tickets.h>

namespace aiopyr::detail {

namespace {

constexpr std::size_t kEntries = 512;
/// The longest ticket that is remembered; those of users with few groups have some 200 bytes.
constexpr std::size_t kLongest = 1024;

}  // namespace

VerifiedTickets::VerifiedTickets() : entries_(kEntries) {}

VerifiedTickets::Entry& VerifiedTickets::place_of(std::size_t hash) noexcept {
  return entries_[hash % entries_.size()];
}

std::optional<AuthTktIdentity> VerifiedTickets::find(std::string_view ticket, std::string_view ip) {
  if (ticket.empty()) return std::nullopt;
  const std::size_t hash = HashText()(ticket);
  const std::lock_guard lock(mutex_);
  const Entry& entry = place_of(hash);
  if (entry.hash != hash || entry.ticket != ticket || entry.ip != ip) return std::nullopt;
  return entry.identity;
}

void VerifiedTickets::add(std::string_view ticket, std::string_view ip,
                          const AuthTktIdentity& identity) {
  if (ticket.empty() || ticket.size() > kLongest) return;
  const std::size_t hash = HashText()(ticket);
  Entry entry{hash, std::string(ticket), std::string(ip), identity};
  const std::lock_guard lock(mutex_);
  place_of(hash) = std::move(entry);
}

}  // namespace aiopyr::detail
