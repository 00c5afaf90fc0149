#include "store.h"

#include "../shared/passwords.h"
#include "database.h"

namespace wiki {

using namespace aiopyr;

namespace {

/// Returns the pool for the database: SQLite has one writer at a time, so more threads would only
/// wait.
std::shared_ptr<Executor> database_threads() {
  return std::make_shared<Executor>(Executor::Options{.threads = 4});
}

/// Makes a coroutine function of a member function that blocks.
template <class Method>
auto in_executor(Method method, std::shared_ptr<Database> database,
                 std::shared_ptr<Executor> executor) {
  return use_executor(std::bind_front(method, std::move(database)), std::move(executor));
}

}  // namespace

Store::Store(const std::string& path) {
  const auto database = std::make_shared<Database>(path);
  database->create();

  const auto threads = database_threads();
  find_user = in_executor(&Database::find_user, database, threads);
  find_user_by_name_ = in_executor(&Database::find_user_by_name, database, threads);
  find_page = in_executor(&Database::find_page, database, threads);
  existing_pages = in_executor(&Database::existing_pages, database, threads);
  revisions = in_executor(&Database::revisions, database, threads);
  add_page = in_executor(&Database::add_page, database, threads);
  edit_page = in_executor(&Database::edit_page, database, threads);
  check_password_ = shared::PasswordTasks().check;
}

Task<std::optional<User>> Store::check_login(std::string name, std::string password) const {
  std::optional<User> user = co_await find_user_by_name_(name);
  const std::string hash = user ? user->password_hash : std::string();
  const bool is_right = co_await check_password_(hash, password);
  if (!is_right) user.reset();
  co_return user;
}

const Store& store_of(Request& request) {
  return *request.property<std::shared_ptr<const Store>>("store");
}

}  // namespace wiki
