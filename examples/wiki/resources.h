#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "models.h"
#include <aiopyr/aiopyr.h>

namespace wiki {

/// The context of an existing page. Everyone may view it; editors and its creator may edit it.
struct PageResource : aiopyr::Resource {
  explicit PageResource(Page of) : page(std::move(of)) {}
  [[nodiscard]] std::optional<aiopyr::Acl> acl() override;

  Page page;
};

/// The context of a page that is to be created, which both roles may do.
struct NewPage : aiopyr::Resource {
  explicit NewPage(std::string name) : pagename(std::move(name)) {}
  [[nodiscard]] std::optional<aiopyr::Acl> acl() override;

  std::string pagename;
};

/// Root factories of the routes with a page's name; on the request's fiber. The first throws
/// HTTPNotFound if there is no such page. The second redirects to the form for editing if there is
/// one.
std::shared_ptr<aiopyr::Resource> page_factory(aiopyr::Request& request);
std::shared_ptr<aiopyr::Resource> new_page_factory(aiopyr::Request& request);

}  // namespace wiki
