#include "resources.h"

#include "../security.h"

namespace jobs {

using namespace aiopyr;

std::optional<Acl> AdResource::acl() {
  return Acl{{kAllow, kEveryone, "view"}, {kAllow, user_principal(ad.owner_id), "edit"}};
}

std::optional<Acl> NewAd::acl() { return Acl{{kAllow, kAuthenticated, "create"}}; }

std::shared_ptr<Resource> ad_factory(Request& request) {
  static const auto find = synchronize(find_ad);
  auto ad = find(database(request), request.matchdict().get<std::int64_t>("id"));
  if (!ad) throw HTTPNotFound("There is no such job. Perhaps it has been taken.");
  return std::make_shared<AdResource>(std::move(*ad));
}

std::shared_ptr<Resource> new_ad_factory(Request&) { return std::make_shared<NewAd>(); }

}  // namespace jobs
