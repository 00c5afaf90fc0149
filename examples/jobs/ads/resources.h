#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "ads.h"
#include <aiopyr/aiopyr.h>

namespace jobs {

/// The context of an ad. Everyone may view it; its owner may edit it.
struct AdResource : aiopyr::Resource {
  explicit AdResource(Ad of) : ad(std::move(of)) {}
  [[nodiscard]] std::optional<aiopyr::Acl> acl() override;

  Ad ad;
};

/// The context of an ad that is to be posted, which all users may do.
struct NewAd : aiopyr::Resource {
  [[nodiscard]] std::optional<aiopyr::Acl> acl() override;
};

/// The pattern of routes below an ad: its number has at most 18 digits, so that it fits.
inline constexpr const char* kAdPath = "/jobs/{id:[0-9]{1,18}}";

/// The root factory of those routes; on the request's fiber. Throws HTTPNotFound if there is no
/// such ad.
std::shared_ptr<aiopyr::Resource> ad_factory(aiopyr::Request& request);
std::shared_ptr<aiopyr::Resource> new_ad_factory(aiopyr::Request& request);

}  // namespace jobs
