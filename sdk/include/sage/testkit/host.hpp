// The host's side of one operator instance: context, log, metrics, waiting, keyed state.
#pragma once

#include "state.hpp"

#include <deque>
#include <map>

namespace sage::testkit {

struct Reject {
  std::uint32_t index = SAGE_NO_INDEX;
  sage_status code = SAGE_OK;
  std::string message;
  std::string raw;
};

struct Metric {
  char type = 0;     // 'c'ounter, 'g'auge, 'h'istogram
  double value = 0;  // of a histogram: the sum
  std::uint64_t count = 0;
};

struct Place {  // of an instance in its stage
  std::uint32_t subtask = 0;
  std::uint32_t parallelism = 1;
  bool bounded = true;
  bool fail_on_reject = false;  // as with on_error = "fail"
};

class Host {
 public:
  Host(std::vector<const sage_schema*> inputs, std::vector<const sage_schema*> outputs,
       std::vector<std::uint32_t> keys, Place place)
      : inputs_(std::move(inputs)),
        outputs_(std::move(outputs)),
        keys_(std::move(keys)),
        place_(place) {
    ctx_ = {sizeof(sage_ctx),
            place.subtask,
            place.parallelism,
            0,
            "test",
            &cancel_,
            &log_level_,
            static_cast<std::uint32_t>(inputs_.size()),
            static_cast<std::uint32_t>(outputs_.size()),
            inputs_.data(),
            outputs_.data(),
            static_cast<std::uint32_t>(keys_.size()),
            place.bounded ? SAGE_CTX_BOUNDED : 0,
            keys_.data(),
            get_interface,
            set_error,
            reject,
            this};
  }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  sage_ctx* ctx() { return &ctx_; }
  void cancel() { cancel_ = 1; }
  const std::string& error() const { return error_; }
  const std::vector<Reject>& rejects() const { return rejects_; }
  const std::vector<std::string>& messages() const { return messages_; }
  // Zero if the operator made no metric of that name.
  Metric metric(const std::string& name) const {
    const auto found = metrics_.find(name);
    return found == metrics_.end() ? Metric() : found->second;
  }
  std::int64_t delay_ns() const { return delay_ns_; }
  int readable_fd() const { return fd_; }

 private:
  friend class KeyedStates;
  static Host& self(sage_ctx* ctx) { return *static_cast<Host*>(ctx->host_priv); }
  static Metric& cell(sage_metric* metric) { return *reinterpret_cast<Metric*>(metric); }

  static const void* get_interface(sage_ctx* ctx, const char* id) {
    static constexpr sage_log_api kLog = {sizeof(sage_log_api), 0, log};
    static constexpr sage_wait_api kWait = {sizeof(sage_wait_api), 0, readable, delay};
    static constexpr sage_metrics_api kMetrics = {
        sizeof(sage_metrics_api), 0, make<'c'>, make<'g'>, make<'h'>, add, set, record};
    const std::string_view name = id;
    if (name == SAGE_HOST_STATE) {
      return self(ctx).keys_.empty() ? nullptr : KeyedStates::api();
    }
    if (name == SAGE_HOST_LOG) {
      return &kLog;
    }
    if (name == SAGE_HOST_WAIT) {
      return &kWait;
    }
    return name == SAGE_HOST_METRICS ? &kMetrics : nullptr;
  }
  static void set_error(sage_ctx* ctx, const char* message, std::uint64_t length) {
    self(ctx).error_.assign(message, length);
  }
  static sage_status reject(sage_ctx* ctx, std::uint32_t index, sage_bytes raw, sage_status code,
                            const char* message, std::uint64_t length) {
    Host& host = self(ctx);
    host.rejects_.push_back({index, code, std::string(message, length),
                             std::string(as_text(BytesView(raw.ptr, raw.len)))});
    return host.place_.fail_on_reject ? SAGE_E_CANCELLED : SAGE_OK;
  }
  static void log(sage_ctx* ctx, std::uint32_t, const char* message, std::uint64_t length) {
    self(ctx).messages_.emplace_back(message, length);
  }
  static void readable(sage_ctx* ctx, std::int32_t fd) { self(ctx).fd_ = fd; }
  static void delay(sage_ctx* ctx, std::int64_t ns) { self(ctx).delay_ns_ = ns; }
  template <char kKind>
  static sage_metric* make(sage_ctx* ctx, const char* name, const char*, const char*) {
    Metric& metric = self(ctx).metrics_[name];
    if (metric.type != 0 && metric.type != kKind) {
      return nullptr;
    }
    metric.type = kKind;
    return reinterpret_cast<sage_metric*>(&metric);
  }
  static void add(sage_metric* metric, std::uint64_t n) {
    cell(metric).value += static_cast<double>(n);
  }
  static void set(sage_metric* metric, double value) { cell(metric).value = value; }
  static void record(sage_metric* metric, double value) {
    cell(metric).value += value;
    ++cell(metric).count;
  }

  sage_ctx ctx_{};
  std::vector<const sage_schema*> inputs_;
  std::vector<const sage_schema*> outputs_;
  std::vector<std::uint32_t> keys_;
  Place place_;
  std::uint32_t cancel_ = 0;
  std::uint32_t log_level_ = SAGE_LOG_DEBUG;
  std::string error_;
  std::vector<Reject> rejects_;
  std::vector<std::string> messages_;
  std::map<std::string, Metric> metrics_;
  KeyedStates states_;
  std::int64_t delay_ns_ = -1;
  int fd_ = -1;
};

inline sage_status KeyedStates::open(sage_ctx* ctx, const sage_state_desc* desc,
                                     sage_state** result) {
  return Host::self(ctx).states_.open_state(*desc, result);
}

}  // namespace sage::testkit
