// Follows what users click: state of its own for each user, a metric, and a partitioner that keeps
// the sessions of a tenant together.
//
//   sage run ./libsessions.so --set file.with.path=clicks/
#include <sage/sage.hpp>

struct Click {
  std::string user_id, tenant, page;
  std::int64_t ts;
};
struct Session {
  std::string user_id, tenant;
  std::int64_t clicks = 0;
};
SAGE_RECORD(Click, user_id, tenant, page, ts);
SAGE_RECORD(Session, user_id, tenant, clicks);

struct UserSession : sage::MapFunction<Click, Session> {
  void open(sage::RuntimeContext& ctx) override {
    took_ = ctx.metrics().histogram("processing_time_seconds");
    state_ = ctx.keyed_state<Session>("session");
  }
  Session map(const Click& c) override {
    auto t = took_.time();
    Session& s = state_.get();  // that of c.user_id
    s.user_id = c.user_id;
    s.tenant = c.tenant;
    ++s.clicks;
    return s;
  }

 private:
  sage::Histogram took_;
  sage::KeyedState<Session> state_;
};

struct ByTenant : sage::Partitioner<Session> {
  std::uint32_t partition(const Session& s, std::uint32_t n) const override {
    return sage::stable_hash(s.tenant) % n;
  }
};

SAGE_PIPELINE(env) {  // LocalEnvironment& env
  using namespace sage::literals;
  env.from_source<sage::io::FileSource<Click>>("large_dataset/")
      .key_by(&Click::user_id)
      .map<UserSession>({.parallelism = 4, .resources = {.num_cpus = 1, .memory = 8_GB}})
      .filter([](const Session& s) { return s.clicks > 3; }, {.parallelism = 4})
      .partition_custom<ByTenant>({.parallelism = 4})
      .map([](const Session& s) { return s.user_id; })
      .sink<sage::io::ConsoleSink>();
}
