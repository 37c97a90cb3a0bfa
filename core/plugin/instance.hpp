#pragma once
// One operator instance: its life cycle and roles behind checked calls, and the host services it
// sees (log, metrics, keyed state, config, wait). Not entered by two threads at once. Owns the
// plugin's `self`, the context, metric cells and keyed state; borrows the schemas in the spec.

#include "base/counter.hpp"
#include "base/result.hpp"
#include "plugin/context.hpp"
#include "plugin/instance_spec.hpp"
#include "plugin/operator_table.hpp"

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace sage::plugin {

// An operator plays exactly one.
enum class Role { kSource, kTransform, kFilter, kPartition, kSink };

class Instance {
 public:
  // [control] Calls the operator's create. The schemas and options must outlive the instance.
  static Result<std::unique_ptr<Instance>> create(InstanceSpec spec);
  ~Instance();  // close (if open), destroy
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  // [task] A negative answer of open becomes an Error with the operator's message.
  Status open();
  void close();

  // [task] Raw verdicts; negative: error_message() says why. A role that is missing is a bug.
  sage_status process(const sage_batch* in, sage_out* out);
  sage_status on_watermark(std::int64_t ts, sage_out* out);
  sage_status select(const sage_batch* in, std::uint64_t* keep);
  sage_status route(const sage_batch* in, std::uint32_t targets, std::uint32_t* target);
  sage_status poll(std::uint32_t max_records, sage_out* out);
  sage_status write(const sage_batch* in);
  sage_status finish(sage_out* out);
  // [task] Keeps a copy of the handle for commit. [control] commit, abort.
  Status prepare();
  Status commit();
  void abort();      // nothing where it is no sink
  void interrupt();  // [any] also sets *ctx->cancel

  // [any] The call into the plugin that is under way: a number that no other call of this instance
  // has, 0: none; and its name.
  struct UnderWay {
    std::uint64_t number = 0;
    const char* name = "";
  };
  UnderWay under_way() const;
  // [any] The instance whose call the calling thread is in, nullptr: none. Async-signal-safe.
  static const Instance* of_this_thread();

  Role role() const;
  std::vector<Rejection>& rejections() { return context_.rejections; }  // of the last call
  std::string error_message() const { return context_.error; }
  WaitRequest wait_request() const { return context_.wait_request; }
  std::vector<Metric> metrics() const { return context_.metrics.read(); }  // [any], relaxed
  bool touched_state() const { return context_.states.touched(); }         // during the last call
  std::uint64_t state_bytes() const { return context_.states.bytes(); }
  std::uint64_t state_keys() const { return context_.states.keys(); }
  const InstanceSpec& spec() const { return spec_; }

 private:
  explicit Instance(InstanceSpec spec);
  // Runs a call and checks its verdict: a negative one, OK, or one of `also`.
  template <class Call>
  sage_status run(const char* what, std::initializer_list<sage_status> also, Call&& call);
  template <class Call>
  void run_void(const char* what, Call&& call);
  class Marked;  // while it lives, a call is under way
  Error failed(const char* code, sage_status status) const;

  InstanceSpec spec_;
  Context context_;
  OperatorTable table_;
  void* self_ = nullptr;
  bool created_ = false;
  bool opened_ = false;
  Counter calls_;  // begun and ended ones: odd while one is under way
  std::atomic<const char*> call_name_{""};
  std::string handle_;  // of prepare
};

}  // namespace sage::plugin
