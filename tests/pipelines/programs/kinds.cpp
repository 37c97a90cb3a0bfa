// Records with members of all types, and streams of bare values.
#include <sage/sage.hpp>

#include <algorithm>

struct Everything {
  bool flag = false;
  std::int64_t n = 0;
  double x = 0;
  std::string text;
  sage::Bytes data;
  sage::Timestamp at;
  std::vector<std::string> names;
  std::vector<std::int64_t> ints;
  std::vector<double> reals;
  std::vector<float> floats;
};
SAGE_RECORD(Everything, flag, n, x, text, data, at, names, ints, reals, floats);

// In another order, and without the rest of what io/generator gives.
struct Some {
  double value = 0;
  std::string key;
};
SAGE_RECORD(Some, value, key);

struct Word {
  std::string word;
};
SAGE_RECORD(Word, word);

static Everything turned(Everything e) {
  e.flag = !e.flag;
  e.n = -e.n;
  e.x = e.x / 2;
  e.at.ns += 1'000'000'000;
  std::reverse(e.text.begin(), e.text.end());
  std::reverse(e.data.begin(), e.data.end());
  std::reverse(e.names.begin(), e.names.end());
  std::reverse(e.ints.begin(), e.ints.end());
  std::reverse(e.reals.begin(), e.reals.end());
  std::reverse(e.floats.begin(), e.floats.end());
  return e;
}

template <class T>
static void write(const sage::Stream<T>& stream, const std::string& folder) {
  stream.sink(sage::io::FileSink<T>(folder).option("if_exists", "replace"), {.id = folder});
}

SAGE_PIPELINE(env) {
  const auto all = env.from_source(sage::io::FileSource<Everything>("in.jsonl"));
  write(all.map(turned, {.id = "turned", .parallelism = 3}), "all");

  const auto texts = all.map([](const Everything& e) { return e.text; });
  const auto sizes = texts.map([](const std::string& t) { return std::int64_t(t.size()); });
  const auto halves = sizes.map([](const std::int64_t& n) { return n / 2.0; });
  const auto large = halves.map([](double x) { return x > 1; });
  write(texts, "texts");
  write(sizes, "sizes");
  write(halves, "halves");
  write(large, "large");
  write(all.map([](const Everything& e) { return e.data; }), "data");
  write(all.map([](const Everything& e) { return e.at; }), "times");
  write(all.map([](const Everything& e) { return e.names; }), "names");
  write(all.map([](const Everything& e) { return e.floats; }), "floats");

  write(all.use<Word>("text/split", {{"field", "text"}, {"lower", true}}, {.id = "split"}),
        "words");
  write(env.use<Some>("io/generator", {{"count", 100}, {"keys", 3}}).filter([](const Some& some) {
    return some.value > 0.5;
  }),
        "some");
}
