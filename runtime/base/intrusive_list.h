#pragma once

#include <cstddef>

namespace aiopyr {

/// A doubly linked list through its own elements: adding and removing allocate nothing, and an
/// element that is destroyed takes itself out of whichever list it is in.
///
/// Elements derive from ListHook. The list owns nothing. One thread at a time.
class ListHook {
 public:
  ListHook() noexcept : prev_(this), next_(this) {}
  ~ListHook() { unlink(); }
  ListHook(const ListHook&) = delete;
  ListHook& operator=(const ListHook&) = delete;

  [[nodiscard]] bool is_linked() const noexcept { return next_ != this; }

  /// Removes the element from its list; does nothing if it is in none.
  void unlink() noexcept {
    prev_->next_ = next_;
    next_->prev_ = prev_;
    prev_ = next_ = this;
  }

 private:
  template <class T>
  friend class IntrusiveList;

  void insert_before(ListHook& place) noexcept {
    prev_ = place.prev_;
    next_ = &place;
    prev_->next_ = this;
    place.prev_ = this;
  }

  ListHook* prev_;
  ListHook* next_;
};

template <class T>
class IntrusiveList {
 public:
  IntrusiveList() = default;
  ~IntrusiveList() { clear(); }
  IntrusiveList(const IntrusiveList&) = delete;
  IntrusiveList& operator=(const IntrusiveList&) = delete;

  [[nodiscard]] bool empty() const noexcept { return !head_.is_linked(); }

  /// Appends an element, after removing it from the list that it was in.
  void push_back(T& element) noexcept {
    ListHook& hook = element;
    hook.unlink();
    hook.insert_before(head_);
  }

  /// Returns the first element. Requires: not empty.
  [[nodiscard]] T& front() noexcept { return static_cast<T&>(*head_.next_); }

  /// Removes the first element and returns it. Requires: not empty.
  T& pop_front() noexcept {
    T& element = front();
    static_cast<ListHook&>(element).unlink();
    return element;
  }

  /// Moves all of `other` to the end of this list, in constant time.
  void splice_back(IntrusiveList& other) noexcept {
    if (other.empty()) return;
    ListHook& first = *other.head_.next_;
    ListHook& last = *other.head_.prev_;
    other.head_.prev_ = other.head_.next_ = &other.head_;
    first.prev_ = head_.prev_;
    head_.prev_->next_ = &first;
    last.next_ = &head_;
    head_.prev_ = &last;
  }

  /// Unlinks every element.
  void clear() noexcept {
    while (!empty()) pop_front();
  }

  /// Calls f on each element; f may unlink the element that it is given, and no other.
  template <class F>
  void for_each(F&& f) {
    for (ListHook* hook = head_.next_; hook != &head_;) {
      ListHook* next = hook->next_;
      f(static_cast<T&>(*hook));
      hook = next;
    }
  }

 private:
  ListHook head_;
};

}  // namespace aiopyr
