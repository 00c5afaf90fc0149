#include <aiopyr/plugin/request/transformations.h>
#include <aiopyr/plugin/server/uwsgi_api.h>

namespace aiopyr::plugin {

bool may_be_transformed_later() noexcept {
  return uwsgi.response_routes != nullptr || uwsgi.error_routes != nullptr;
}

bool are_bodies_transformed(const wsgi_request& request) noexcept {
  return request.transformations != nullptr;
}

bool end_transformed_body(wsgi_request& request) noexcept {
  if (request.transformations == nullptr) return true;
  if (uwsgi_apply_final_transformations(&request) == 0 && request.transformed_chunk_len > 0) {
    uwsgi_response_write_body_do(&request, request.transformed_chunk,
                                 request.transformed_chunk_len);
  }
  uwsgi_free_transformations(&request);
  request.transformations = nullptr;
  request.transformed_chunk = nullptr;
  request.transformed_chunk_len = 0;
  return request.write_errors == 0;
}

}  // namespace aiopyr::plugin
