#pragma once

#include <any>
#include <map>
#include <utility>
#include <vector>

namespace aiopyr {

/// Class-wide defaults that an app's function may set, such as WebsocketMapper::use_bytes. They are
/// static variables, and there is one of each in the process. So that apps in one process do not
/// change each other's, a Scope around an app's configuration stores the values that the app has
/// set for that app, and restores those from before.
///
/// Written while the app is configured, on the loop's thread; read by its requests.
class ClassDefaults {
 public:
  /// The defaults of a class, declared once, at namespace scope.
  class Kind {
   public:
    Kind() { all().push_back(this); }
    Kind(const Kind&) = delete;
    Kind& operator=(const Kind&) = delete;

    /// Returns all that were declared.
    [[nodiscard]] static std::vector<const Kind*>& all();

    [[nodiscard]] virtual std::any read() const = 0;
    virtual void write(const std::any& values) const = 0;
    [[nodiscard]] virtual bool is_equal(const std::any& values) const = 0;

   protected:
    ~Kind() = default;
  };

  /// The defaults whose values are a `Values`, compared with `==`.
  template <class Values>
  class KindOf final : public Kind {
   public:
    using Read = Values (*)();
    using Write = void (*)(const Values&);
    KindOf(Read reader, Write writer) noexcept : read_(reader), write_(writer) {}

    /// Returns an app's own values or, if the app has set none, the current ones.
    [[nodiscard]] Values of(const ClassDefaults& app) const {
      const auto found = app.values_.find(this);
      return found == app.values_.end() ? read_() : std::any_cast<const Values&>(found->second);
    }

    [[nodiscard]] std::any read() const override { return read_(); }
    void write(const std::any& values) const override {
      write_(std::any_cast<const Values&>(values));
    }
    [[nodiscard]] bool is_equal(const std::any& values) const override {
      return read_() == std::any_cast<const Values&>(values);
    }

   private:
    Read read_;
    Write write_;
  };

  /// Brackets the configuration of the app whose defaults are `app`.
  class Scope {
   public:
    explicit Scope(ClassDefaults& app);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    ClassDefaults& app_;
    std::vector<std::pair<const Kind*, std::any>> before_;
  };

 private:
  std::map<const Kind*, std::any> values_;
};

}  // namespace aiopyr
