// Counts its calls in every kind of variable that a compiler may give one place in a process.
#include <cstdint>

namespace {

template <class T>
T& of_function() {
  static T value = 0;
  return value;
}

}  // namespace

struct Inline {
  inline static std::uint64_t member = 0;
};
inline std::uint64_t of_namespace = 0;
template <class T>
struct Shared {
  static T member;
};
template <class T>
T Shared<T>::member = 0;
template <class T>
inline T of_template = 0;
inline std::uint64_t& of_inline_function() {
  static std::uint64_t value = 0;
  return value;
}

// A digit each; they stay equal as long as nobody else counts in one of them.
static std::uint64_t count_all() {
  const std::uint64_t all[] = {++Inline::member,
                               ++of_namespace,
                               ++Shared<std::uint64_t>::member,
                               ++of_template<std::uint64_t>,
                               ++of_inline_function(),
                               ++of_function<std::uint64_t>()};
  std::uint64_t digits = 0;
  for (const std::uint64_t n : all)
    digits = 10 * digits + n;
  return digits;
}

#define TOY_COUNT count_all()
extern "C" {
#include "toy.h"
}
