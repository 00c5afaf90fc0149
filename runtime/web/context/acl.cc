#include <algorithm>
#include <utility>

#include <aiopyr/runtime/web/context/acl.h>

namespace aiopyr {

Permissions::Permissions(const char* permission) : names_{std::string(permission)} {}
Permissions::Permissions(std::string permission) { names_.push_back(std::move(permission)); }
Permissions::Permissions(std::initializer_list<std::string> names) : names_(names) {}
Permissions::Permissions(std::vector<std::string> names) : names_(std::move(names)) {}
Permissions::Permissions(AllPermissions) noexcept : all_(true) {}
Permissions::Permissions(const Permissions& other) = default;
Permissions::Permissions(Permissions&& other) noexcept = default;
Permissions& Permissions::operator=(const Permissions& other) = default;
Permissions& Permissions::operator=(Permissions&& other) noexcept = default;
Permissions::~Permissions() = default;

bool Permissions::contains(std::string_view permission) const noexcept {
  return all_ || std::find(names_.begin(), names_.end(), permission) != names_.end();
}

AclSource::AclSource(Acl acl) : source_([acl = std::move(acl)](Resource&) { return acl; }) {}
AclSource::AclSource(std::initializer_list<Ace> acl) : AclSource(Acl(acl)) {}

std::optional<Acl> AclSource::operator()(Resource& resource) const {
  return source_ ? source_(resource) : std::nullopt;
}

}  // namespace aiopyr
