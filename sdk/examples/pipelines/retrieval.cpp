// Answers questions: four instances look for passages, eight write answers. Both are stand-ins for
// calls to a vector store and a language model, so they may wait: each instance has its own thread.
//
//   echo '{"question": "who has keys?"}' | sage run ./libretrieval.so
#include <sage/sage.hpp>

struct Query {
  std::string question;
};
SAGE_RECORD(Query, question);

struct Retrieved {
  std::string question;
  std::vector<std::string> texts;
};
SAGE_RECORD(Retrieved, question, texts);

struct Answer {
  std::string question;
  std::string answer;
};
SAGE_RECORD(Answer, question, answer);

class Retriever : public sage::MapFunction<Query, Retrieved> {
 public:
  explicit Retriever(std::size_t top_k) : top_k_(top_k) {}
  void open(sage::RuntimeContext&) override {  // in each instance; here one would connect
    passages_ = {"records have keys", "keys choose an instance", "sinks commit once"};
  }
  Retrieved map(const Query& query) override {
    Retrieved result{query.question, {}};
    for (const std::string& passage : passages_) {
      const std::string word = passage.substr(0, passage.find(' '));
      if (result.texts.size() < top_k_ && query.question.find(word) != std::string::npos) {
        result.texts.push_back(passage);
      }
    }
    return result;
  }

 private:
  std::size_t top_k_;
  std::vector<std::string> passages_;
};

static Answer generate(const Retrieved& found) {
  std::string answer = found.texts.empty() ? "nothing is known" : "it is known that ";
  for (const std::string& text : found.texts) {
    answer += (&text == &found.texts.front() ? "" : ", and ") + text;
  }
  return {found.question, answer};
}

SAGE_PIPELINE(env) {
  env.use<Query>("io/stdin", {{"format", "jsonl"}, {"fields", {{"question", "text"}}}})
      .map(Retriever(5), {.id = "retrieve", .parallelism = 4, .may_block = true})
      .map(generate, {.id = "generate", .parallelism = 8, .may_block = true})
      .sink<sage::io::ConsoleSink>();
}
