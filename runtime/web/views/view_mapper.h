#pragma once

#include <string>

#include <aiopyr/runtime/web/views/mapper_ref.h>
#include <aiopyr/runtime/web/views/view_callable.h>

/// The view mappers: where a view runs while its request's fiber waits for it.
///
///   | Mapper                    | coroutine view | plain view          |
///   | CoroutineOrExecutorMapper | on the loop    | in the executor     |
///   | CoroutineMapper           | on the loop    | ConfigurationError  |
///   | ExecutorMapper            | refused        | in the executor     |
///   | FiberMapper               | refused        | on the fiber itself |
///
/// Each reads the request's body on the fiber before the view begins, so that no view ever waits
/// for the client; but FiberMapper leaves it to the view where the client waits to be asked for it
/// (Expect: 100-continue). ViewOptions::before_body refuses one before that. What is in it is
/// parsed when the view asks for it, wherever that runs, but for large bodies of coroutine views,
/// which are parsed in a thread before. A fiber that is cancelled, as when the client went away,
/// cancels a coroutine view; a plain view that already runs in a thread cannot be stopped, and the
/// fiber stays until it has ended.
namespace aiopyr {

/// The default mapper, as aiopyramid.config.CoroutineOrExecutorMapper.
class CoroutineOrExecutorMapper final : public ViewMapper {
 public:
  [[nodiscard]] MappedView map(ViewCallable view) const override;
  [[nodiscard]] std::string name() const override { return "CoroutineOrExecutorMapper"; }
};

/// Maps coroutine views only (aiopyramid.config.CoroutineMapper).
class CoroutineMapper final : public ViewMapper {
 public:
  [[nodiscard]] MappedView map(ViewCallable view) const override;
  [[nodiscard]] std::string name() const override { return "CoroutineMapper"; }
};

/// Maps plain views only, which may block (aiopyramid.config.ExecutorMapper).
class ExecutorMapper final : public ViewMapper {
 public:
  [[nodiscard]] MappedView map(ViewCallable view) const override;
  [[nodiscard]] std::string name() const override { return "ExecutorMapper"; }
};

/// Maps plain views that must not block, but may call synchronized functions: they need no thread.
/// Pyramid's own default mapper does this in Aiopyramid.
class FiberMapper final : public ViewMapper {
 public:
  [[nodiscard]] MappedView map(ViewCallable view) const override;
  [[nodiscard]] std::string name() const override { return "FiberMapper"; }
};

}  // namespace aiopyr
