// What an operator instance knows and may ask of its host. Lives as long as the instance.
#pragma once

#include "ext/log.h"
#include "ext/wait.h"
#include "metrics.hpp"
#include "record.hpp"

#include <chrono>
#include <span>
#include <string>

namespace sage {

template <class T>
class KeyedState;  // state.hpp
class KeyedBytes;
class KeyedBlob;

// The record that a per-record method is working on.
struct CurrentRecord {
  const sage_batch* batch = nullptr;
  std::uint32_t index = 0;
};

// Hears of a key's value before a method may change it.
class StateWatch {
 public:
  virtual void handed_out(void* slot) = 0;

 protected:
  ~StateWatch() = default;
};

class Context {
 public:
  explicit Context(sage_ctx* ctx)
      : ctx_(ctx),
        log_(static_cast<const sage_log_api*>(ctx->get_interface(ctx, SAGE_HOST_LOG))),
        wait_(static_cast<const sage_wait_api*>(ctx->get_interface(ctx, SAGE_HOST_WAIT))),
        metrics_(ctx) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  sage_ctx* get() const { return ctx_; }
  std::uint32_t subtask() const { return ctx_->subtask; }
  std::uint32_t parallelism() const { return ctx_->parallelism; }
  std::uint32_t attempt() const { return ctx_->attempt; }
  std::string_view stage() const { return ctx_->stage; }
  bool bounded() const { return (ctx_->flags & SAGE_CTX_BOUNDED) != 0; }
  bool cancelled() const { return __atomic_load_n(ctx_->cancel, __ATOMIC_RELAXED) != 0; }

  std::uint32_t inputs() const { return ctx_->n_inputs; }
  std::uint32_t outputs() const { return ctx_->n_outputs; }
  SchemaView input(std::uint32_t i = 0) const { return check(ctx_->inputs, ctx_->n_inputs, i); }
  SchemaView output(std::uint32_t i = 0) const { return check(ctx_->outputs, ctx_->n_outputs, i); }
  // Field indexes of input 0, in key_by order.
  std::span<const std::uint32_t> keys() const { return {ctx_->keys, ctx_->n_keys}; }

  // Rejects a record of the batch at hand; the per-record methods throw RecordError instead. False:
  // the job is failing because of it, return SAGE_E_CANCELLED.
  [[nodiscard]] bool reject(std::uint32_t index, sage_status code, std::string_view message) {
    return ctx_->reject(ctx_, index, {}, code, message.data(), message.size()) >= 0;
  }
  // Sources: input that is no record.
  [[nodiscard]] bool reject_raw(BytesView raw, sage_status code, std::string_view message) {
    return ctx_->reject(ctx_, SAGE_NO_INDEX, {raw.data(), raw.size()}, code, message.data(),
                        message.size()) >= 0;
  }

  // ctx.log(SAGE_LOG_INFO, "read ", n, " files"): formatted only if somebody listens.
  template <class... Parts>
  void log(std::uint32_t level, const Parts&... parts) {
    if (log_ != nullptr && level <= __atomic_load_n(ctx_->log_level, __ATOMIC_RELAXED)) {
      std::string message;
      (append(message, parts), ...);
      log_->log(ctx_, level, message.data(), message.size());
    }
  }
  template <class... Parts>
  void info(const Parts&... parts) {
    log(SAGE_LOG_INFO, parts...);
  }
  template <class... Parts>
  void warning(const Parts&... parts) {
    log(SAGE_LOG_WARNING, parts...);
  }

  Metrics& metrics() { return metrics_; }
  Metrics& get_metrics() { return metrics_; }  // the same

  // Before Poll::kIdle: poll me again when this happens.
  void wait_readable(int fd) {
    if (wait_ != nullptr) {
      wait_->readable(ctx_, fd);
    }
  }
  void wait_delay(std::chrono::nanoseconds delay) {
    if (wait_ != nullptr) {
      wait_->delay(ctx_, delay.count());
    }
  }

  // Its index is kept up to date by the loops around the per-record methods.
  CurrentRecord& current() { return current_; }

  // Only in a stage with key_by; ask in the constructor or in open. See state.hpp.
  template <class T>
  KeyedState<T> keyed_state(const char* name);
  KeyedBytes keyed_bytes(const char* name, std::uint32_t bytes);
  KeyedBlob keyed_blob(const char* name);

 private:
  static SchemaView check(const sage_schema* const* schemas, std::uint32_t n, std::uint32_t i) {
    if (i >= n) {
      throw Failure(SAGE_E_ARG, "there is no input or output " + std::to_string(i));
    }
    return schemas[i];
  }
  template <class P>
  static void append(std::string& to, const P& part) {
    if constexpr (std::is_arithmetic_v<P>) {
      to += std::to_string(part);
    } else {
      to += part;
    }
  }

  sage_ctx* ctx_;
  const sage_log_api* log_;
  const sage_wait_api* wait_;
  Metrics metrics_;
  CurrentRecord current_;
};

}  // namespace sage
