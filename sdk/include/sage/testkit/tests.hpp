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
#include <stdexcept>
#include <string>
#include <vector>

namespace sage::testkit {

// Throws what was got and what was wanted, a row on each line, where they differ.
inline void expect(const std::vector<std::string>& got, const std::vector<std::string>& want) {
  if (got == want) {
    return;
  }
  const auto lines = [](const char* title, const std::vector<std::string>& rows) {
    std::string text = std::string("  ") + title + (rows.empty() ? " nothing\n" : "\n");
    for (const std::string& row : rows) {
      text += "    " + row + "\n";
    }
    return text;
  };
  throw std::runtime_error("the rows differ\n" + lines("want", want) + lines("got", got));
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
      ++failed_;
      std::printf("FAILED  %s: %s\n", sentence, error.what());
    }
  }
  // What main returns.
  int result() const { return failed_ == 0 ? 0 : 1; }

 private:
  int failed_ = 0;
};

}  // namespace sage::testkit
