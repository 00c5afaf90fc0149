#include <cstdint>

#include <aiopyr/plugin/io/temporary_file.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/worker/connection_limits.h>

namespace aiopyr::plugin {

namespace {

/// The usual size of the kernel's buffers, in bytes. If `socket-sndbuf` makes them smaller, a
/// client takes less of a response at a time.
constexpr std::uint64_t kUsualBuffer = std::uint64_t{64} << 10U;

}  // namespace

ConnectionLimits connection_limits() {
  const Options& told = options();
  const auto cores = static_cast<std::size_t>(uwsgi.async);
  return {.read_timeout = told.read_timeout,
          .write_timeout = told.write_timeout,
          .write_rate = told.write_rate,
          .keep_alive = told.keep_alive,
          .write_buffer = told.write_buffer,
          .temp_bytes = told.temp_bytes,
          .temp_folder = temporary_folder(told.temp_folder),
          .queue = told.queue,
          .queue_timeout = told.queue_timeout,
          .drops_ended = told.client_gone == ClientGone::kEof,
          .slow_cores = told.slow_cores > 0 ? told.slow_cores : cores / 2,
          .lingering = {.time = told.lingering_time, .bytes = told.lingering_bytes},
          .has_small_buffers = uwsgi.so_sndbuf > 0 && uwsgi.so_sndbuf < kUsualBuffer};
}

}  // namespace aiopyr::plugin
