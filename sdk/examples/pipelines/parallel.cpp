// Reads a folder of text files and works on their lines: eight instances of one stage, four of the
// next.
//
//   sage run ./libparallel.so --set file.with.path=books/
#include <sage/sage.hpp>

struct Measured {
  std::string line;
  std::int64_t length = 0;
  std::int64_t words = 0;
};
SAGE_RECORD(Measured, line, length, words);

struct Measure : sage::MapFunction<sage::io::Line, Measured> {
  Measured map(const sage::io::Line& text) override {
    Measured result{.line = text.line, .length = static_cast<std::int64_t>(text.line.size())};
    bool inside = false;
    for (const char c : text.line) {
      result.words += c != ' ' && !inside ? 1 : 0;
      inside = c != ' ';
    }
    return result;
  }
};

struct LongerThan : sage::FilterFunction<Measured> {
  explicit LongerThan(std::int64_t words) : words_(words) {}
  bool filter(const Measured& measured) override { return measured.words > words_; }

 private:
  std::int64_t words_;
};

SAGE_PIPELINE(env) {
  using namespace sage::io;
  env.from_source(FileSource<Line>("large_dataset/").format("lines"))
      .map<Measure>({.parallelism = 8})
      .filter(LongerThan(5), {.parallelism = 4})  // each instance gets a copy of the object
      .sink<ConsoleSink>();
}
