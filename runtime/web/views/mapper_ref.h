#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/json/json.h>

namespace aiopyr {

class Request;
class Resource;
struct ViewCallable;

/// The result of a view: a response, or a value for its renderer.
using ViewResult = std::variant<Response, Json>;

/// A view in the form that the router calls: on the request's fiber, with a context that is never
/// null.
using MappedView = std::function<ViewResult(Resource*, Request&)>;

/// Decides where a view runs: Pyramid's view mapper. It works while the app is configured; it is
/// immutable and shared by the views that name it.
class ViewMapper {
 public:
  virtual ~ViewMapper() = default;

  /// Makes a view that the router can call. Throws ConfigurationError for a kind of view that this
  /// mapper does not support.
  [[nodiscard]] virtual MappedView map(ViewCallable view) const = 0;

  /// Returns its name for messages and tables.
  [[nodiscard]] virtual std::string name() const = 0;
};

/// A mapper as a value, or none: `.mapper = CoroutineMapper{}`. Copies share the mapper.
class MapperRef {
 public:
  MapperRef() = default;
  template <std::derived_from<ViewMapper> M>
  MapperRef(M mapper) : mapper_(std::make_shared<const M>(std::move(mapper))) {}

  [[nodiscard]] explicit operator bool() const noexcept { return mapper_ != nullptr; }
  const ViewMapper& operator*() const noexcept { return *mapper_; }
  const ViewMapper* operator->() const noexcept { return mapper_.get(); }

 private:
  std::shared_ptr<const ViewMapper> mapper_;
};

}  // namespace aiopyr
