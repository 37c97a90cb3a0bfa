// Makes vectors of documents, eight at a time. ToyEmbedding stands in for a model; a real one is
// reached by .use<Embedded>("rag/vllm_embed", {{"model", "..."}}) or by a class such as this.
//
//   sage run ./libembedding.so --set file.with.path=documents/
#include <sage/sage.hpp>

#include <cctype>
#include <cmath>

struct Document {
  std::string text;
  std::string file;
};
SAGE_RECORD(Document, text, file);

struct Embedded {
  std::string id;
  std::string text;
  std::vector<float> embedding;
};
SAGE_RECORD(Embedded, id, text, embedding);

// Counts words by their hash, and makes the vector one of length 1.
class ToyEmbedding : public sage::MapFunction<Document, Embedded> {
 public:
  explicit ToyEmbedding(std::size_t dimensions) : dimensions_(dimensions) {}
  Embedded map(const Document& document) override {
    std::vector<float> vector(dimensions_);
    std::string word;
    for (const char c : document.text + " ") {
      if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
        word += c;
      } else if (!word.empty()) {
        vector[sage::stable_hash(word) % dimensions_] += 1;
        word.clear();
      }
    }
    float squares = 0;
    for (const float x : vector) {
      squares += x * x;
    }
    for (float& x : vector) {
      x /= squares > 0 ? std::sqrt(squares) : 1;
    }
    return {document.file, document.text, vector};
  }

 private:
  std::size_t dimensions_;
};

SAGE_PIPELINE(env) {
  using namespace sage::io;
  env.from_source(FileSource<Document>("documents/").format("text").option("meta", true))
      .map(ToyEmbedding(8), {.id = "embed", .parallelism = 8})
      .sink(FileSink<Embedded>("vectors/").option("if_exists", "replace"), {.id = "upsert"});
}
