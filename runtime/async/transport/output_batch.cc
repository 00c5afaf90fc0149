#include <exception>

#include <aiopyr/runtime/async/transport/output_batch.h>

namespace aiopyr {

void OutputBatch::add(Loop& loop, Runnable& write) {
  if (writes_.empty()) count_ = 0;
  if (!end_.is_linked()) loop.call_after_input(end_);
  writes_.push_back(write);
  if (++count_ == kMost) write_all();
}

void OutputBatch::write_all() {
  // Writes added meanwhile go to another batch.
  IntrusiveList<Runnable> batch;
  batch.splice_back(writes_);
  while (!batch.empty()) {
    try {
      batch.pop_front().run();
    } catch (...) {
      Loop::report_exception(std::current_exception(), "output that was held for a batch");
    }
  }
}

}  // namespace aiopyr
