// P1, P2, P3: what a chain of fused operators costs beside a bare loop over the same functions, and
// beside a loop without batches of records.
#include "goal.hpp"
#include "ops.h"

#include <sage/ext/config.h>
#include <sage/ext/roles.h>

#include <array>
#include <bit>
#include <dlfcn.h>
#include <memory>
#include <numeric>
#include <stdexcept>

namespace sage::bench {

namespace {

std::string stage(const std::string& use, const std::string& with = "") {
  return "[[stage]]\nid = '" + use.substr(use.find('/') + 1) + "'\nuse = '" + use + "'\n" + with;
}

std::string chain_of(std::uint64_t records, const std::string& between) {
  return "sage = 1\n[pipeline]\nname = 'chain'\n" +
         stage("bench/records", "with = { count = " + std::to_string(records) + " }\n") + between +
         stage("bench/sum");
}

// The functions of the plugin without the engine: batches are arrays that are used again and again.
class BareChain {
 public:
  explicit BareChain(std::uint32_t batch)
      : batch_(batch), records_(batch), payload_(batch * sizeof(bench_record) / 8) {
    void* library = dlopen(SAGE_BENCH_PLUGINS "/bench.so", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
      throw std::runtime_error(dlerror());
    const auto main = reinterpret_cast<sage_plugin_main_fn>(dlsym(library, SAGE_PLUGIN_MAIN));
    plugin_ = main(nullptr);
    ctx_.struct_size = sizeof ctx_;
    ctx_.parallelism = 1;
    ctx_.get_interface = [](sage_ctx*, const char*) -> const void* { return nullptr; };
    make_out();
    source_ = make<sage_role_source>("records", SAGE_ROLE_SOURCE);
    filter_ = make<sage_role_filter>("keep", SAGE_ROLE_FILTER);
    map_ = make<sage_role_transform>("bump", SAGE_ROLE_TRANSFORM);
    sink_ = make<sage_role_sink>("sum", SAGE_ROLE_SINK);
  }
  BareChain(const BareChain&) = delete;
  BareChain& operator=(const BareChain&) = delete;

  // The sum over the records.
  std::uint64_t run(std::uint64_t records) {
    static_cast<bench_op*>(source_.self)->next = 0;
    static_cast<bench_op*>(sink_.self)->sum = 0;
    for (std::uint64_t done = 0; done < records; done += committed_)
      step(static_cast<std::uint32_t>(std::min<std::uint64_t>(batch_, records - done)));
    return static_cast<bench_op*>(sink_.self)->sum;
  }

 private:
  template <class Role>
  struct Made {
    const Role* role = nullptr;
    void* self = nullptr;
  };

  template <class Role>
  Made<Role> make(const std::string& id, const char* role_id) {
    for (std::uint32_t i = 0; i < plugin_->n_operators; ++i) {
      const sage_operator* op = plugin_->operators[i];
      if (id != op->id)
        continue;
      Made<Role> made{static_cast<const Role*>(op->get_role(op, role_id)), nullptr};
      op->create(op, &ctx_, nullptr, &made.self);
      return made;
    }
    throw std::runtime_error("no operator " + id);
  }

  void make_out() {
    out_.struct_size = sizeof out_;
    out_.n_ports = 1;
    out_.host_priv = this;
    out_.reserve = [](sage_out* out, std::uint32_t, std::uint32_t, std::uint64_t, sage_slab* slab) {
      auto& self = *static_cast<BareChain*>(out->host_priv);
      slab->buf = 0;
      slab->records = self.records_.data();
      slab->max_records = self.batch_;
      slab->data = reinterpret_cast<std::uint8_t*>(self.payload_.data());
      slab->offset = 0;
      slab->capacity = self.payload_.size() * 8;
      return sage_status{SAGE_OK};
    };
    out_.commit = [](sage_out* out, std::uint32_t, std::uint32_t n, std::uint64_t) {
      static_cast<BareChain*>(out->host_priv)->committed_ = n;
      return sage_status{SAGE_OK};
    };
  }

  void step(std::uint32_t most) {
    source_.role->poll(source_.self, &ctx_, most, &out_);
    const sage_buffer buffer{reinterpret_cast<std::uint8_t*>(payload_.data()), payload_.size() * 8};
    sage_batch in{};
    in.struct_size = sizeof in;
    in.count = committed_;
    in.n_buffers = 1;
    in.flags = SAGE_BATCH_WRITABLE;
    in.records = records_.data();
    in.buffers = &buffer;
    keep_.assign((committed_ + 63) / 64, 0);
    filter_.role->select(filter_.self, &ctx_, &in, keep_.data());
    rows_.clear();
    for (std::uint32_t word = 0; word < keep_.size(); ++word) {
      for (std::uint64_t bits = keep_[word]; bits != 0; bits &= bits - 1)
        rows_.push_back(64 * word + static_cast<std::uint32_t>(std::countr_zero(bits)));
    }
    in.rows = rows_.data();
    in.n_rows = static_cast<std::uint32_t>(rows_.size());
    map_.role->process(map_.self, &ctx_, &in, &out_);
    sink_.role->write(sink_.self, &ctx_, &in);
  }

  std::uint32_t batch_;
  std::vector<sage_record> records_;
  std::vector<std::uint64_t> payload_;
  std::vector<std::uint64_t> keep_;
  std::vector<std::uint32_t> rows_;
  std::uint32_t committed_ = 0;
  const sage_plugin* plugin_ = nullptr;
  sage_ctx ctx_{};
  sage_out out_{};
  Made<sage_role_source> source_;
  Made<sage_role_filter> filter_;
  Made<sage_role_transform> map_;
  Made<sage_role_sink> sink_;
};

// What a careful programmer writes for one thread: 1,024 records at a time, no envelopes, a list of
// those that are kept.
std::uint64_t tight_chain(std::uint64_t records) {
  constexpr std::uint64_t kBatch = 1024;
  static std::array<bench_record, kBatch> batch;
  static std::array<std::uint32_t, kBatch> kept;
  std::uint64_t sum = 0;
  for (std::uint64_t done = 0; done < records; done += kBatch) {
    const std::uint64_t n = std::min(kBatch, records - done);
    for (std::uint64_t i = 0; i < n; ++i) {
      for (int f = 0; f < BENCH_FIELDS; ++f)
        batch[i].field[f] = static_cast<std::int64_t>(done + i) + f;
    }
    std::uint32_t size = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
      kept[size] = i;
      size += (batch[i].field[0] & 3) != 0 ? 1 : 0;
    }
    for (std::uint32_t i = 0; i < size; ++i) {
      std::int64_t& b = batch[kept[i]].field[1];
      b = 3 * b + 1;
    }
    for (std::uint32_t i = 0; i < size; ++i)
      sum += static_cast<std::uint64_t>(batch[kept[i]].field[1]);
  }
  return sum;
}

Goal against_bare(const Setup& setup, std::uint32_t batch, double wanted) {
  const std::uint64_t records = setup.quick ? 2'000'000 : 20'000'000;
  const std::string toml = chain_of(records, stage("bench/keep") + stage("bench/bump"));
  const auto bare = std::make_shared<BareChain>(batch);
  const std::string size = std::to_string(batch);
  return {"P1",
          "source, filter, map, sink; batches of " + size,
          "bare loop",
          "x",
          wanted,
          true,
          false,
          [&setup, records, toml, batch, bare] {
            std::uint64_t expected = 0;
            const double loop = seconds([&] { expected = bare->run(records); });
            const test::Ran ran = setup.engine.run(toml, {batch, 1});
            if (ran.counter("sum", "sum") != expected)
              wrong("the chain and the bare loop disagree");
            const auto n = static_cast<double>(records);
            return Sample{loop / ran.seconds, n / ran.seconds, n / loop};
          }};
}

Goal against_tight(const Setup& setup) {
  const std::uint64_t records = setup.quick ? 2'000'000 : 20'000'000;
  const std::string toml = chain_of(records, stage("bench/keep") + stage("bench/bump"));
  return {"P2",
          "the same chain",
          "tight loop, 1,024 records",
          "x",
          0.6,
          true,
          false,
          [&setup, records, toml] {
            std::uint64_t expected = 0;
            const double loop = seconds([&] { expected = tight_chain(records); });
            const test::Ran ran = setup.engine.run(toml, {1024, 1});
            if (ran.counter("sum", "sum") != expected)
              wrong("the chain and the tight loop disagree");
            const auto n = static_cast<double>(records);
            return Sample{loop / ran.seconds, n / ran.seconds, n / loop};
          }};
}

Goal against_c(const Setup& setup) {
  const std::uint64_t records = setup.quick ? 2'000'000 : 20'000'000;
  return {"P3",
          "a record at a time in C++, beyond",
          "C, batch at a time",
          "ns",
          3,
          false,
          false,
          [&setup, records] {
            const test::Ran in_c = setup.engine.run(chain_of(records, stage("bench/shift")), {});
            const test::Ran in_cpp =
                setup.engine.run(chain_of(records, stage("bench_cpp/shift")), {});
            if (in_c.counter("sum", "sum") != in_cpp.counter("sum", "sum"))
              wrong("the maps in C and in C++ disagree");
            const auto n = static_cast<double>(records);
            return Sample{(in_cpp.seconds - in_c.seconds) / n * 1e9, n / in_cpp.seconds,
                          n / in_c.seconds};
          }};
}

}  // namespace

std::vector<Goal> chain_goals(const Setup& setup) {
  return {against_bare(setup, 4096, 0.95), against_bare(setup, 256, 0.90), against_tight(setup),
          against_c(setup)};
}

}  // namespace sage::bench
