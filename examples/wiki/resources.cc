#include "resources.h"

#include "security.h"
#include "store.h"

namespace wiki {

using namespace aiopyr;

namespace {

std::optional<Page> find_page(Request& request) {
  const auto find = synchronize(store_of(request).find_page);
  return find(request.matchdict()["pagename"]);
}

}  // namespace

std::optional<Acl> PageResource::acl() {
  return Acl{{kAllow, kEveryone, "view"},
             {kAllow, role_principal("editor"), "edit"},
             {kAllow, user_principal(page.creator_id), "edit"}};
}

std::optional<Acl> NewPage::acl() {
  return Acl{{kAllow, role_principal("editor"), "create"},
             {kAllow, role_principal("basic"), "create"}};
}

std::shared_ptr<Resource> page_factory(Request& request) {
  auto page = find_page(request);
  if (!page) throw HTTPNotFound("There is no page of this name.");
  return std::make_shared<PageResource>(std::move(*page));
}

std::shared_ptr<Resource> new_page_factory(Request& request) {
  // Does not redirect a POST, whose text would be lost; its view notices the page.
  if (request.method() != "POST" && find_page(request)) {
    throw HTTPSeeOther(
        request.route_url("edit_page", {{"pagename", request.matchdict()["pagename"]}}));
  }
  return std::make_shared<NewPage>(request.matchdict()["pagename"]);
}

}  // namespace wiki
