#include <aiopyr/runtime/text/utf8.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/traversal/virtual_root_path.h>
#include <aiopyr/runtime/web/url/path_segments.h>

namespace aiopyr::detail {

namespace {

std::string_view header_of(const Request& request) {
  return request.environ().get("HTTP_X_VHM_ROOT");
}

}  // namespace

bool has_virtual_root(const Request& request) { return !header_of(request).empty(); }

std::vector<std::string> virtual_root_path(const Request& request) {
  const std::string_view path = header_of(request);
  if (find_utf8_error(path)) throw HTTPBadRequest("The header X-Vhm-Root is not UTF-8.");
  return split_path_info(path);
}

}  // namespace aiopyr::detail
