#include <aiopyr/plugin/hosting/head_buffers.h>
#include <aiopyr/plugin/io/spares.h>
#include <aiopyr/plugin/server/uwsgi_api.h>

namespace aiopyr::plugin {

namespace {

Spares<uwsgi_buffer> sent_heads;

}  // namespace

uwsgi_buffer* make_head() noexcept {
  uwsgi_buffer* head = sent_heads.take();
  if (head == nullptr) head = uwsgi_buffer_new(uwsgi.page_size);
  head->pos = 0;
  head->limit = uwsgi.response_header_limit;
  return head;
}

void give_back_head(uwsgi_buffer* head) noexcept {
  if (!sent_heads.keep(head)) uwsgi_buffer_destroy(head);
}

}  // namespace aiopyr::plugin
