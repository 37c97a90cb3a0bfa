// Functions that throw, with and without keyed state.
#include <sage/sage.hpp>

#include <stdexcept>

struct Event {
  std::string user;
  std::int64_t n = 0;
};
SAGE_RECORD(Event, user, n);

struct Seen {
  std::string user;
  std::int64_t count = 0;
  std::string numbers;
  std::string last;
};
SAGE_RECORD(Seen, user, count, numbers, last);

struct History {
  std::string numbers;
  std::vector<std::int64_t> all;
  std::int64_t not_kept = 0;  // not named below
};
SAGE_RECORD(History, numbers, all);

static void fail_if_told(std::int64_t n) {
  switch (n) {
    case -1:
      throw std::runtime_error("it is minus one");
    case -2:
      throw sage::RecordError("it is minus two");
    case -3:
      throw 3;
    case -4:
      throw sage::Failure("it is minus four");
    default:
      return;
  }
}

// Changes three kinds of state, two of them by two handles, and then throws.
class Remember : public sage::MapFunction<Event, Seen> {
 public:
  void open(sage::RuntimeContext& context) override {
    count_ = context.keyed_state<std::int64_t>("count");
    history_ = context.keyed_state<History>("history");
    last_ = context.keyed_state<std::string>("last");
    same_count_ = context.keyed_state<std::int64_t>("count");
    same_history_ = context.keyed_state<History>("history");
  }
  Seen map(const Event& event) override {
    ++count_.get();
    History& history = history_.get();
    history.numbers += std::to_string(event.n) + ",";
    if (++history.not_kept != 1) {
      throw sage::Failure("another call's value");
    }
    same_history_.get().all.push_back(event.n);
    std::string& last = last_.get();
    const std::string before = last;
    last = std::to_string(event.n);
    fail_if_told(event.n);
    ++same_count_.get();
    if (event.n == -5) {
      last.assign(17u << 20, 'x');  // cannot be saved
    }
    return {event.user, count_.get(), history.numbers + std::to_string(history.all.size()), before};
  }

 private:
  sage::KeyedState<std::int64_t> count_;
  sage::KeyedState<History> history_;
  sage::KeyedState<std::string> last_;
  sage::KeyedState<std::int64_t> same_count_;
  sage::KeyedState<History> same_history_;
};

static void twice(const Event& event, sage::Collector<Event>& out) {
  out.collect(event);
  fail_if_told(event.n);
  out.collect(event);
}

struct Last : sage::SinkFunction<Event> {
  void write(const Event& event) override { last_ = event.n; }
  void finish() override {
    if (last_ == -6) {
      throw std::runtime_error("minus six cannot be kept");
    }
  }
  std::int64_t last_ = 0;
};

struct ByNumber : sage::Partitioner<Event> {
  std::uint32_t partition(const Event& event, std::uint32_t n) const override {
    fail_if_told(event.n);
    return event.n == 99 ? n : static_cast<std::uint32_t>(event.n % n);
  }
};

template <class T>
static void write(const sage::Stream<T>& stream, const std::string& folder) {
  stream.sink(sage::io::FileSink<T>(folder).option("if_exists", "replace"), {.id = folder});
}

SAGE_PIPELINE(env) {
  const auto events = env.from_source(sage::io::FileSource<Event>("in.jsonl"));
  const auto seen =
      events.key_by(&Event::user)
          .map<Remember>({.id = "remember", .parallelism = 4, .on_error = "dead_letter"});
  write(seen, "seen");
  write(seen.errors(), "letters");
  write(events.flat_map(twice, {.id = "twice", .on_error = "skip"}), "doubled");
  write(events.filter(
            [](const Event& event) {
              fail_if_told(event.n);
              return event.n != 1;
            },
            {.id = "filter", .on_error = "skip"}),
        "filtered");
  write(events.partition_custom<ByNumber>({.parallelism = 3})
            .map([](const Event& event) { return event; }, {.id = "parted", .on_error = "skip"}),
        "partitioned");
  events.sink<Last>();
  events.sink([](const Event& event) { fail_if_told(event.n); },
              {.id = "last", .on_error = "skip"});
}
