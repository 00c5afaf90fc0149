#pragma once

/// Tasks, fibers and waits, without the web: `#include <aiopyr/async.h>`.
#include <aiopyr/runtime/base/compiler.h>

#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/async/fibers/deferred.h>
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/fibers/spawn_fiber.h>
#include <aiopyr/runtime/async/fibers/synchronize.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/tasks/gather.h>
#include <aiopyr/runtime/async/tasks/run_blocking.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/async/tasks/task_context.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>
#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/async/waits/fd_wait.h>
#include <aiopyr/runtime/async/waits/lock.h>
#include <aiopyr/runtime/async/waits/queue.h>
#include <aiopyr/runtime/async/waits/semaphore.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/async/waits/stopping.h>
#include <aiopyr/runtime/base/errors.h>
