// The ways in which streams begin, end, part and meet.
#include <sage/sage.hpp>

#include <fstream>
#include <map>

struct Number {
  std::int64_t n = 0;
  std::int64_t group = 0;
};
SAGE_RECORD(Number, n, group);

struct Keyed {
  std::string key;
  std::int64_t count = 0;
};
SAGE_RECORD(Keyed, key, count);

struct Counted {
  std::string tag;
  std::int64_t count = 0;
};
SAGE_RECORD(Counted, tag, count);

struct Tagged {
  std::string tag;
  std::int64_t instance = 0;
  std::int64_t calls = 0;
};
SAGE_RECORD(Tagged, tag, instance, calls);

// 0 .. end-1, in portions; the instances share them.
class Counting : public sage::SourceFunction<Number> {
 public:
  explicit Counting(std::int64_t end) : end_(end) {}
  void open(sage::RuntimeContext& context) override {
    next_ = context.subtask();
    step_ = context.parallelism();
  }
  bool read(sage::Collector<Number>& out) override {
    for (int i = 0; i < 3 && next_ < end_; ++i, next_ += step_) {
      out.collect({next_, next_ % 10});
    }
    return next_ < end_;
  }

 private:
  std::int64_t end_;
  std::int64_t next_ = 0;
  std::int64_t step_ = 1;
};
struct Hundred : Counting {
  Hundred() : Counting(100) {}
};

template <class Key>
class Count : public sage::MapFunction<Number, Keyed> {
 public:
  explicit Count(Key key) : key_(key) {}
  void open(sage::RuntimeContext& context) override {
    count_ = context.keyed_state<std::int64_t>("count");
  }
  Keyed map(const Number& number) override { return {key_(number), ++count_.get()}; }

 private:
  Key key_;
  sage::KeyedState<std::int64_t> count_;
};

// One row for each group, when the input has ended.
class Sums : public sage::ProcessFunction<Number, Number> {
 public:
  void process(const Number& number, sage::Collector<Number>&) override {
    sums_[number.group] += number.n;
  }
  void finish(sage::Collector<Number>& out) override {
    for (const auto& [group, sum] : sums_) {
      out.collect({sum, group});
    }
  }

 private:
  std::map<std::int64_t, std::int64_t> sums_;
};

// The first three of each group.
class FirstThree : public sage::FilterFunction<Number> {
 public:
  void open(sage::RuntimeContext& context) override {
    marks_ = context.keyed_state<std::string>("marks");
  }
  bool filter(const Number&) override {
    std::string& marks = marks_.get();
    marks += "|";
    return marks.size() <= 3;
  }

 private:
  sage::KeyedState<std::string> marks_;
};

// Counts its own calls: wrong, if instances shared the object.
class Tag : public sage::MapFunction<Number, Tagged> {
 public:
  explicit Tag(std::string tag) : tag_(std::move(tag)) {}
  void open(sage::RuntimeContext& context) override { instance_ = context.subtask(); }
  Tagged map(const Number&) override { return {tag_, instance_, ++calls_}; }

 private:
  std::string tag_;
  std::int64_t instance_ = -1;
  std::int64_t calls_ = 0;
};

class ToFile : public sage::SinkFunction<Number> {
 public:
  explicit ToFile(std::string path) : path_(std::move(path)) {}
  ToFile(const ToFile& other) : ToFile(other.path_) {}
  void open(sage::RuntimeContext& context) override {
    file_.open(path_ + std::to_string(context.subtask()) + ".txt");
  }
  void write(const Number& number) override { file_ << number.n << "\n"; }
  void close() override { file_ << "closed\n" << std::flush; }

 private:
  std::string path_;
  std::ofstream file_;
};

template <class T>
static void write(const sage::Stream<T>& stream, const std::string& folder) {
  stream.sink(sage::io::FileSink<T>(folder).option("if_exists", "replace"), {.id = folder});
}

SAGE_PIPELINE(env) {
  const auto numbers = env.from_source(Counting(1000), {.id = "numbers", .parallelism = 3});
  const auto hundred = env.from_source<Hundred>({.id = "hundred"});
  const auto both = numbers.union_with(hundred);
  std::int64_t offset = 5;
  std::string suffix = "!";
  write(both.map([offset](const Number& x) { return Number{x.n + offset, x.group}; }), "moved");
  write(both.key_by(&Number::group).process<Sums>({.id = "sums-of", .parallelism = 4}), "sums");
  write(numbers.map(Tag("tag" + suffix), {.id = "tagged", .parallelism = 4}), "tags");

  const auto text = [suffix](const Number& x) { return std::to_string(x.n % 7) + suffix; };
  const auto integer = [](const Number& x) { return x.n % 5; };
  const auto boolean = [](const Number& x) { return x.n % 3 == 0; };
  const auto name = [](std::int64_t n) { return std::to_string(n); };
  write(both.key_by(text).map(Count(text), {.id = "text", .parallelism = 4}), "by_text");
  write(both.key_by(integer).map(Count([=](const Number& x) { return name(integer(x)); }),
                                 {.id = "integer", .parallelism = 4}),
        "by_integer");
  write(both.key_by(boolean).map(Count([=](const Number& x) { return name(boolean(x)); }),
                                 {.id = "boolean", .parallelism = 4}),
        "by_boolean");
  write(numbers.key_by(&Number::group).filter<FirstThree>({.id = "first", .parallelism = 4}),
        "firsts");
  // The field of a computed key does not reach what follows.
  write(hundred.key_by(integer).filter([](const Number& x) { return x.n < 10; }), "kept");
  write(hundred.key_by(integer), "straight");
  // Nor does what an operator of a plugin gives beside the members.
  write(hundred.map([](const Number& x) { return Tagged{"t", x.n, x.group}; })
            .use<Counted>("record/map",
                          {{"set", {{"count", "calls + 1"}}}, {"types", {{"count", "int64"}}}}),
        "claimed");

  hundred.sink(ToFile("to_file"), {.id = "to_file", .parallelism = 2});
  hundred.sink([](const Number& x) { std::ofstream("seen.txt", std::ios::app) << x.n << "\n"; });
}
