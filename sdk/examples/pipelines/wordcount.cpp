// Counts the words of text files. The same pipeline as a file: configs/pipelines/wordcount.toml.
//
//   BOOKS=books/ OUT=result/ sage run ./libwordcount.so
#include <sage/sage.hpp>

#include <cctype>

struct Word {
  std::string word;
};
SAGE_RECORD(Word, word);

struct Count {
  std::string word;
  std::int64_t n = 0;
};
SAGE_RECORD(Count, word, n);

static void split(const sage::io::Line& text, sage::Collector<Word>& out) {
  std::string word;
  for (const char c : text.line + "\n") {
    if (std::isspace(static_cast<unsigned char>(c)) == 0) {
      word += c;
    } else if (!word.empty()) {
      out.collect({word});
      word.clear();
    }
  }
}

SAGE_PIPELINE(env) {
  using namespace sage::io;
  env.from_source(FileSource<Line>("${BOOKS:-/usr/share/common-licenses/}").format("lines"))
      .flat_map(split, {.id = "words"})
      .key_by(&Word::word)
      .use<Count>("agg/count")  // an operator of a plugin, as in a pipeline file
      .sink(FileSink<Count>("${OUT:-counts/}").option("if_exists", "replace"), {.id = "out"});
}
