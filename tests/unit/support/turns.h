#pragma once

#include <aiopyr/runtime/async/loop/loop.h>

/// Lets the loop take some turns that do not wait.
inline void take_turns(aiopyr::Loop& loop, int turns = 3) {
  for (int i = 0; i < turns; ++i) loop.run_once(false);
}
