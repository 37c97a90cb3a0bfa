#pragma once
// What an operator instance sees of the engine: its sage_ctx and the services behind
// get_interface. Owns what the services collect (error text, rejections, metrics, state, wait
// request). Belongs to one Instance; only `interrupt`, `metrics` and the sums of `states` may be
// used by other threads.

#include "plugin/instance_spec.hpp"
#include "plugin/metric_set.hpp"
#include "plugin/state_set.hpp"

#include <sage/plugin.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sage::plugin {

// A record that the operator rejected during the last call.
struct Rejection {
  std::uint32_t index = 0;  // in the batch, or SAGE_NO_INDEX: a source's raw bytes
  sage_status code = 0;
  std::string message;
  std::string raw;
};

// What an idle source asked to wait for during the last poll.
struct WaitRequest {
  int fd = -1;                // readable, -1: none
  std::int64_t delay_ns = 0;  // 0: not asked
};

class Context {
 public:
  // The spec must outlive the context and not change.
  explicit Context(const InstanceSpec& spec);
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  sage_ctx* c() { return &c_; }

  // Before each call of the operator: forgets what the last call left. `in` is the batch that the
  // call is about; with `keep` the one before still is.
  void begin_call(const sage_batch* in, bool keep);

  void interrupt();                                               // [any]
  void log(std::uint32_t level, std::string_view message) const;  // [any]
  sage_status reject(std::uint32_t index, std::string_view raw, sage_status code,
                     std::string_view message);
  sage_status refuse_rejection(const std::string& why);
  const void* service(std::string_view id) const;
  // A metric's cell; says once that there are too many.
  sage_metric* metric(Metric::Type type, std::string_view name, std::string_view unit);
  sage_status open_state(const sage_state_desc* desc, sage_state** state);
  void wait(int fd, std::int64_t delay_ns);

  bool is_source = false;  // it may reject what it could not read

  // What the operator left behind.
  std::string error;
  std::string misuse;  // what it did against the rules; empty: nothing
  std::vector<Rejection> rejections;
  WaitRequest wait_request;
  MetricSet metrics;
  StateSet states;

 private:
  const InstanceSpec& spec_;
  sage_ctx c_{};
  std::vector<const sage_schema*> inputs_;
  std::vector<const sage_schema*> outputs_;
  std::uint32_t cancel_ = 0;
  std::uint32_t log_level_ = 0;
  std::uint32_t batch_count_ = 0;
  std::uint64_t rejected_bytes_ = 0;  // of texts kept in rejections
  bool told_of_metrics_ = false;
  std::vector<bool> rejected_;  // of the batch in hand; empty while none was rejected
};

}  // namespace sage::plugin
