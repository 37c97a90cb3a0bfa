// Tests without a test framework, for a plugin that shall need nothing but the SDK:
//
//   int main() {
//     sage::testkit::Tests tests;
//     tests.run("splits at white space", [] { ...; expect(h.json(), {R"({"word":"a"})"}); });
//     return tests.result();
//   }
#pragma once

#include <cstdio>
#include <exception>
#include <sstream>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace sage::testkit {

// Throws what was got and what was wanted, one on each line, where they differ.
template <class T>
void expect(const std::vector<T>& got, const std::type_identity_t<std::vector<T>>& want) {
  if (got == want) {
    return;
  }
  std::ostringstream text;
  const auto add = [&](const char* title, const std::vector<T>& items) {
    text << "\n  " << title << (items.empty() ? " nothing" : "");
    for (const T& item : items) {
      text << "\n    " << item;
    }
  };
  text << "not what was wanted";
  add("want", want);
  add("got", got);
  throw std::runtime_error(text.str());
}

// Throws `what` where it is not good.
inline void require(bool good, const char* what) {
  if (!good) {
    throw std::runtime_error(what);
  }
}

class Tests {
 public:
  // Fails if the body throws.
  template <class Body>
  void run(const char* sentence, Body body) {
    try {
      body();
      std::printf("ok      %s\n", sentence);
    } catch (const std::exception& error) {
      fail(sentence, error.what());
    } catch (...) {
      fail(sentence, "an exception of unknown type");
    }
  }
  // What main returns.
  int result() const { return failed_ == 0 ? 0 : 1; }

 private:
  void fail(const char* sentence, const char* why) {
    ++failed_;
    std::printf("FAILED  %s: %s\n", sentence, why);
  }

  int failed_ = 0;
};

}  // namespace sage::testkit
