#include "plugin/context.hpp"

#include "plugin/normalise.hpp"

#include <sage/ext/log.h>
#include <sage/ext/metrics.h>
#include <sage/ext/state.h>
#include <sage/ext/wait.h>
#include <sage/record.hpp>

#include <algorithm>
#include <atomic>
#include <utility>

namespace sage::plugin {
namespace {

constexpr std::uint64_t kMessageMax = 4u << 10;
// Of what a source could not read, as it goes into a dead letter; less where one call has had much
// of it.
constexpr std::uint64_t kRawMax = 8u << 20;
constexpr std::uint64_t kRawOfCallMax = 16u << 20;
constexpr std::uint64_t kRawCut = 1u << 10;

Context& of(sage_ctx* ctx) { return *static_cast<Context*>(ctx->host_priv); }

std::string_view view(const char* text, std::uint64_t len) {
  return text == nullptr ? std::string_view() : std::string_view(text, std::min(len, kMessageMax));
}

const sage_log_api kLog = {sizeof(sage_log_api), 0,
                           [](sage_ctx* ctx, std::uint32_t level, const char* message,
                              std::uint64_t len) { of(ctx).log(level, view(message, len)); }};

template <Metric::Type kType>
sage_metric* metric(sage_ctx* ctx, const char* name, const char* unit, const char* /*help*/) {
  const std::string_view wanted = text_or_empty(name);
  return wanted.empty() ? nullptr : of(ctx).metric(kType, wanted, text_or_empty(unit));
}

const sage_metrics_api kMetrics = {sizeof(sage_metrics_api),
                                   0,
                                   metric<Metric::Type::kCounter>,
                                   metric<Metric::Type::kGauge>,
                                   metric<Metric::Type::kHistogram>,
                                   metric_add,
                                   metric_set,
                                   metric_record};

const sage_state_api kState = {sizeof(sage_state_api),
                               0,
                               [](sage_ctx* ctx, const sage_state_desc* desc, sage_state** state) {
                                 return of(ctx).open_state(desc, state);
                               },
                               state_slots,
                               state_slot,
                               state_resize,
                               state_scan,
                               state_size};

const sage_wait_api kWait = {sizeof(sage_wait_api), 0,
                             [](sage_ctx* ctx, std::int32_t fd) { of(ctx).wait(fd, 0); },
                             [](sage_ctx* ctx, std::int64_t ns) { of(ctx).wait(-1, ns); }};

const void* get_interface(sage_ctx* ctx, const char* id) {
  return of(ctx).service(text_or_empty(id));
}

void set_error(sage_ctx* ctx, const char* message, std::uint64_t len) {
  of(ctx).error = view(message, len);
}

sage_status reject(sage_ctx* ctx, std::uint32_t index, sage_bytes raw, sage_status code,
                   const char* message, std::uint64_t len) {
  const auto* bytes = reinterpret_cast<const char*>(raw.ptr);
  const std::string_view record =
      bytes == nullptr ? std::string_view()
                       : std::string_view(bytes, std::min<std::uint64_t>(raw.len, kRawMax));
  return of(ctx).reject(index, record, code, view(message, len));
}

}  // namespace

Context::Context(const InstanceSpec& spec)
    : states(spec.key_groups), spec_(spec), log_level_(spec.log_level) {
  for (const schema::SchemaPtr& schema : spec.inputs) {
    inputs_.push_back(&schema->c_table());
  }
  for (const schema::SchemaPtr& schema : spec.outputs) {
    outputs_.push_back(&schema->c_table());
  }
  c_.struct_size = sizeof c_;
  c_.subtask = spec.subtask;
  c_.parallelism = spec.parallelism;
  c_.stage = spec.stage.c_str();
  c_.cancel = &cancel_;
  c_.log_level = &log_level_;
  c_.n_inputs = static_cast<std::uint32_t>(inputs_.size());
  c_.n_outputs = static_cast<std::uint32_t>(outputs_.size());
  c_.inputs = inputs_.data();
  c_.outputs = outputs_.data();
  c_.n_keys = static_cast<std::uint32_t>(spec.keys.size());
  c_.flags = spec.bounded ? SAGE_CTX_BOUNDED : 0;
  c_.keys = spec.keys.data();
  c_.get_interface = get_interface;
  c_.set_error = set_error;
  c_.reject = plugin::reject;
  c_.host_priv = this;
}

void Context::begin_call(const sage_batch* in, bool keep) {
  error.clear();
  misuse.clear();
  rejections.clear();
  rejected_bytes_ = 0;
  wait_request = {};
  states.forget_touches();
  if (!keep) {
    batch_count_ = in == nullptr ? 0 : Batch(in).size();
    rejected_.clear();
  }
}

void Context::interrupt() { std::atomic_ref(cancel_).store(1, std::memory_order_relaxed); }

void Context::log(std::uint32_t level, std::string_view message) const {
  if (spec_.log && level <= log_level_) {
    spec_.log(level, spec_.stage, spec_.subtask, message);
  }
}

sage_metric* Context::metric(Metric::Type type, std::string_view name, std::string_view unit) {
  sage_metric* const cell = metrics.cell(type, name, unit);
  if (cell == nullptr && metrics.full() && !std::exchange(told_of_metrics_, true)) {
    log(SAGE_LOG_WARNING, "it asks for more than " + std::to_string(MetricSet::kMost) +
                              " metrics, `" + std::string(name.substr(0, 64)) +
                              "` among the others; they are left out");
  }
  return cell;
}

sage_status Context::reject(std::uint32_t index, std::string_view raw, sage_status code,
                            std::string_view message) {
  if (index == SAGE_NO_INDEX) {
    if (!is_source) {
      return refuse_rejection("it rejected a record without saying which");
    }
  } else {
    if (index >= batch_count_) {
      return refuse_rejection("it rejected record " + std::to_string(index) + " of a batch of " +
                              std::to_string(batch_count_));
    }
    rejected_.resize(batch_count_);
    if (rejected_[index]) {
      return spec_.on_error == OnError::kFail ? SAGE_E_CANCELLED : SAGE_OK;
    }
    rejected_[index] = true;
  }
  if (spec_.on_error == OnError::kSkip) {
    rejections.push_back({index, code < 0 ? code : SAGE_E_DATA, "", ""});
    return SAGE_OK;
  }
  const bool fail = spec_.on_error == OnError::kFail;
  if (!fail || rejections.empty()) {
    const std::string_view kept =
        raw.substr(0, rejected_bytes_ < kRawOfCallMax ? kRawMax : kRawCut);
    rejected_bytes_ += kept.size() + message.size();
    rejections.push_back(
        {index, code < 0 ? code : SAGE_E_DATA, std::string(message), std::string(kept)});
  }
  return fail ? SAGE_E_CANCELLED : SAGE_OK;
}

sage_status Context::refuse_rejection(const std::string& why) {
  misuse = why;
  return SAGE_E_ARG;
}

const void* Context::service(std::string_view id) const {
  if (id == SAGE_HOST_LOG) {
    return &kLog;
  }
  if (id == SAGE_HOST_METRICS) {
    return &kMetrics;
  }
  if (id == SAGE_HOST_WAIT) {
    return &kWait;
  }
  return id == SAGE_HOST_STATE && c_.n_keys != 0 ? &kState : nullptr;
}

sage_status Context::open_state(const sage_state_desc* desc, sage_state** state) {
  if (desc == nullptr || state == nullptr) {
    return SAGE_E_ARG;
  }
  Result<sage_state*> opened = states.open(*desc);
  if (!opened) {
    error = opened.error().message;
    return SAGE_E_STATE;
  }
  *state = *opened;
  return SAGE_OK;
}

void Context::wait(int fd, std::int64_t delay_ns) {
  if (fd >= 0) {
    wait_request.fd = fd;
  } else if (delay_ns > 0 && (wait_request.delay_ns == 0 || delay_ns < wait_request.delay_ns)) {
    wait_request.delay_ns = delay_ns;
  }
}

}  // namespace sage::plugin
