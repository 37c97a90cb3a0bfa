// Operators that do what operators should not, as a C++ author would write them. Rows as those of
// probe.c: {n, key}.
#include <sage/plugin.hpp>

#include <cstdlib>
#include <ctime>
#include <stdexcept>

namespace {

class Rows {
 public:
  Rows(sage::Context& ctx, const sage::Config& config)
      : n_(ctx.input().field<std::int64_t>("n")), at_(config.integer("at")) {}
  static sage::Options options() {
    return {sage::option("at", sage::kInt).value("999").help("with this number")};
  }
  static void resolve(sage::Resolve& resolve, const sage::Config&) {
    resolve.output(resolve.input().specs());
  }

 protected:
  bool is_due(sage::Record record) const { return record[n_] == at_; }

  sage::Field<std::int64_t> n_;
  std::int64_t at_;
};

class Throws : public Rows {
 public:
  using Rows::Rows;
  void map(sage::Record record, sage::Row& row) {
    row.copy(record);
    if (is_due(record))
      throw std::runtime_error("cannot bear it");
  }
};

class ThrowsInFilter : public Rows {
 public:
  using Rows::Rows;
  bool filter(sage::Record record) {
    if (is_due(record))
      throw std::runtime_error("cannot bear it");
    return true;
  }
};

class ThrowsInSink {
 public:
  ThrowsInSink(sage::Context& ctx, const sage::Config& config)
      : n_(ctx.input().field<std::int64_t>("n")), at_(config.integer("at")) {}
  static sage::Options options() { return Rows::options(); }
  void write(sage::Record record) const {
    if (record[n_] == at_)
      throw std::runtime_error("cannot bear it");
  }

 private:
  sage::Field<std::int64_t> n_;
  std::int64_t at_;
};

// Ten million rows of one record.
class Explodes : public Rows {
 public:
  using Rows::Rows;
  void flat_map(sage::Record record, sage::Out& out) {
    const int copies = is_due(record) ? 10'000'000 : 1;
    for (int i = 0; i < copies; ++i) {
      out.row().begin(record);
      out.row().copy(record);
      out.row().end();
    }
  }
};

// A millisecond for each batch.
class Sleeps {
 public:
  explicit Sleeps(const sage::Config&) {}
  void write(sage::Batch) {
    const timespec nap = {0, 1'000'000};
    nanosleep(&nap, nullptr);
  }
};

// Never comes back from one call, whatever it is told.
class Hangs {
 public:
  Hangs(sage::Context& ctx, const sage::Config& config) : ctx_(&ctx), call_(config.text("call")) {}
  static sage::Options options() {
    return {sage::option("call", sage::kText).text("write").help("in this call")};
  }
  void write(sage::Batch) { hang_in("write"); }
  void close() { hang_in("close"); }

 private:
  void hang_in(std::string_view call) {
    if (call != call_)
      return;
    ctx_->warning("hangs");
    const timespec nap = {0, 10'000'000};
    while (true)
      nanosleep(&nap, nullptr);
  }
  sage::Context* ctx_;
  std::string call_;
};

// Cannot bear that the input ends.
class ThrowsAtTheEnd : public Rows {
 public:
  using Rows::Rows;
  bool filter(sage::Record) { return true; }
  void finish(sage::Out&) { throw std::runtime_error("cannot bear it"); }
};

// Until it is told to end; says when it begins, and when it has been told.
class Waits {
 public:
  Waits(sage::Context& ctx, const sage::Config&) : ctx_(&ctx) {}
  void write(sage::Batch) {
    ctx_->warning("waits");
    const timespec nap = {0, 1'000'000};
    while (!ctx_->cancelled())
      nanosleep(&nap, nullptr);
    ctx_->warning("told to end");
  }

 private:
  sage::Context* ctx_;
};

class Crashes : public Rows {
 public:
  using Rows::Rows;
  void map(sage::Record record, sage::Row& row) {
    row.copy(record);
    if (is_due(record))
      std::abort();
  }
};

// In the call that is asked for.
class Leaves {
 public:
  explicit Leaves(const sage::Config& config) : call_(config.text("call")) { leave_in("create"); }
  ~Leaves() { leave_in("destroy"); }
  Leaves(const Leaves&) = delete;
  Leaves& operator=(const Leaves&) = delete;
  static sage::Options options() {
    return {sage::option("call", sage::kText).text("create").help("in this call")};
  }
  void open(sage::Context&) { leave_in("open"); }
  void write(sage::Batch) {}
  void close() { leave_in("close"); }

 private:
  void leave_in(std::string_view call) const {
    if (call_ == call)
      std::exit(0);
  }
  std::string call_;
};

// A compiler must not see that there is no end.
int recurse(int n) {
  volatile char room[1024];
  room[n % 1024] = static_cast<char>(n);
  return n == 0 ? 0 : recurse(n % 1000 + 1) + room[n % 1024];
}

class Recurses : public Rows {
 public:
  using Rows::Rows;
  void map(sage::Record record, sage::Row& row) {
    row.copy(record);
    if (is_due(record))
      recurse(1);
  }
};

class Exits : public Rows {
 public:
  using Rows::Rows;
  void map(sage::Record record, sage::Row& row) {
    row.copy(record);
    if (is_due(record))
      std::exit(0);
  }
};

}  // namespace

SAGE_PLUGIN("unruly", "1.0.0", "Operators that do what they should not",
            sage::operator_of<Throws>("throws", ""),
            sage::operator_of<ThrowsInFilter>("throws_in_filter", ""),
            sage::operator_of<ThrowsInSink>("throws_in_sink", ""),
            sage::operator_of<Explodes>("explodes", ""),
            sage::operator_of<Sleeps>("sleeps", "").traits(SAGE_TRAIT_MAY_BLOCK),
            sage::operator_of<Hangs>("hangs", "").traits(SAGE_TRAIT_MAY_BLOCK),
            sage::operator_of<ThrowsAtTheEnd>("throws_at_the_end", ""),
            sage::operator_of<Waits>("waits", "").traits(SAGE_TRAIT_MAY_BLOCK),
            sage::operator_of<Crashes>("crashes", ""), sage::operator_of<Exits>("exits", ""),
            sage::operator_of<Leaves>("leaves", ""), sage::operator_of<Recurses>("recurses", ""));
