#pragma once
// One operator instance: its life cycle and roles behind checked calls, and the host services it
// sees (log, metrics, keyed state, config, wait). Not entered by two threads at once. Owns the
// plugin's `self`, the context, metric cells and keyed state; borrows the schemas in the spec.

#include "base/result.hpp"
#include "plugin/registry.hpp"
#include "schema/option.hpp"
#include "schema/schema.hpp"

#include <sage/ext/roles.h>

#include <cstdint>
#include <functional>
#include <memory>
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

struct Metric {
  enum class Type { kCounter, kGauge, kHistogram };
  std::string name;
  std::string unit;
  Type type = Type::kCounter;
  std::uint64_t count = 0;
  double value = 0;                          // gauge
  double sum = 0, minimum = 0, maximum = 0;  // histogram
};

// A line for the job's log. [any]
using LogSink = std::function<void(std::uint32_t level, std::string_view stage,
                                   std::uint32_t subtask, std::string_view message)>;

// What becomes of a rejection.
enum class OnReject {
  kFail,   // reject() answers CANCELLED, and the first one of a call is kept
  kCount,  // kept without its texts
  kKeep,
};

struct InstanceSpec {
  LoadedOperator op;
  std::string stage;
  std::uint32_t subtask = 0;
  std::uint32_t parallelism = 1;
  std::uint32_t key_groups = 128;
  bool bounded = true;
  std::vector<schema::SchemaPtr> inputs;
  std::vector<schema::SchemaPtr> outputs;
  std::vector<std::uint32_t> keys;  // indexes into inputs[0]
  const schema::OptionTable* options = nullptr;
  LogSink log;
  std::uint32_t log_level = 3;
  OnReject on_reject = OnReject::kFail;
};

class Instance {
 public:
  // [control] Calls the operator's create. The schemas and options must outlive the instance.
  static Result<std::unique_ptr<Instance>> create(InstanceSpec spec);
  virtual ~Instance() = default;  // close (if open), destroy

  // [task] A negative answer of open becomes an Error with the operator's message.
  virtual Status open() = 0;
  virtual void close() = 0;

  // [task] Raw verdicts; negative: error_message() says why. A role that is missing is a bug.
  virtual sage_status process(const sage_batch* in, sage_out* out) = 0;
  virtual sage_status on_watermark(std::int64_t ts, sage_out* out) = 0;
  virtual sage_status select(const sage_batch* in, std::uint64_t* keep) = 0;
  virtual sage_status route(const sage_batch* in, std::uint32_t targets, std::uint32_t* target) = 0;
  virtual sage_status poll(std::uint32_t max_records, sage_out* out) = 0;
  virtual sage_status write(const sage_batch* in) = 0;
  virtual sage_status finish(sage_out* out) = 0;
  // [task] Keeps a copy of the handle for commit. [control] commit, abort.
  virtual Status prepare() = 0;
  virtual Status commit() = 0;
  virtual void abort() = 0;
  virtual void interrupt() = 0;  // [any] also sets *ctx->cancel

  virtual std::vector<Rejection>& rejections() = 0;  // of the last call; cleared before each
  virtual std::string error_message() const = 0;
  virtual WaitRequest wait_request() const = 0;
  virtual std::vector<Metric> metrics() const = 0;  // [any], relaxed
  virtual std::uint64_t state_bytes() const = 0;
  virtual std::uint64_t state_keys() const = 0;
  virtual const InstanceSpec& spec() const = 0;
};

// [control] What the schema role (or the static ports) says. Runs plugin code.
struct ResolveQuery {
  LoadedOperator op;
  std::vector<schema::SchemaPtr> inputs;
  std::vector<std::string> keys;
  const schema::OptionTable* options = nullptr;
  bool bounded = true;
};
struct ResolveFinding {
  std::string option;  // path below `with`, "" = the stage
  std::string message;
  std::string hint;
};
struct Resolution {
  std::vector<schema::SchemaPtr> outputs;
  bool bounded = true;
  std::uint32_t max_parallelism = UINT32_MAX;
  std::vector<ResolveFinding> findings;  // not empty: an error
};
Resolution resolve(const ResolveQuery& query);

}  // namespace sage::plugin
