#include "bare.hpp"

#include <cstring>
#include <stdexcept>
#include <string_view>

namespace sage::bench {

namespace {

// A value of these options is where its number is.
const std::int64_t& number(const sage_value* value) {
  return *reinterpret_cast<const std::int64_t*>(value);
}

const sage_value* get_count(const sage_config* config, const char* name) {
  return std::string_view(name) == "count" ? static_cast<const sage_value*>(config->host_priv)
                                           : nullptr;
}

const sage_metrics_api kMetrics = [] {
  sage_metrics_api api{};
  api.struct_size = sizeof api;
  api.counter = [](sage_ctx* ctx, const char*, const char*, const char*) {
    return static_cast<sage_metric*>(ctx->host_priv);
  };
  api.add = [](sage_metric* metric, std::uint64_t n) {
    *reinterpret_cast<std::uint64_t*>(metric) = n;
  };
  return api;
}();

}  // namespace

BareOperator::BareOperator(plugin::Registry& registry, const char* op, std::int64_t count)
    : op_(registry.load("bench", "", op).value().op) {
  ctx_.struct_size = sizeof ctx_;
  ctx_.parallelism = 1;
  ctx_.stage = op;
  ctx_.cancel = ctx_.log_level = &never_;
  ctx_.host_priv = &counted_;
  ctx_.get_interface = [](sage_ctx*, const char* id) -> const void* {
    return std::string_view(id) == SAGE_HOST_METRICS ? &kMetrics : nullptr;
  };
  sage_config config{};
  config.struct_size = sizeof config;
  config.get = get_count;
  config.as_int = [](const sage_value* value) { return number(value); };
  config.host_priv = &count;
  if (op_->create(op_, &ctx_, &config, &self_) != SAGE_OK)
    throw std::runtime_error("cannot make bench/" + std::string(op));
}

std::uint64_t BareOperator::prepared_sum() {
  sage_bytes handle{};
  if (role<sage_role_sink>(SAGE_ROLE_SINK)->prepare(self_, &ctx_, &handle) != SAGE_OK)
    throw std::runtime_error("the sink did not prepare");
  return counted_;
}

BareOut::BareOut(std::uint32_t records, std::uint64_t bytes)
    : records_(records), data_((bytes + std::uint64_t{2} * SAGE_SLACK) / 8) {
  buffer_ = {reinterpret_cast<std::uint8_t*>(data_.data()) + SAGE_SLACK, bytes};
  table_.struct_size = sizeof table_;
  table_.n_ports = 1;
  table_.host_priv = this;
  table_.reserve = [](sage_out* out, std::uint32_t, std::uint32_t, std::uint64_t,
                      sage_slab* slab) -> sage_status {
    BareOut& self = *static_cast<BareOut*>(out->host_priv);
    *slab = {sizeof *slab,
             0,
             self.records_.data(),
             static_cast<std::uint32_t>(self.records_.size()),
             0,
             self.buffer_.data,
             0,
             self.buffer_.len};
    return SAGE_OK;
  };
  table_.commit = [](sage_out* out, std::uint32_t, std::uint32_t n, std::uint64_t) -> sage_status {
    static_cast<BareOut*>(out->host_priv)->count_ = n;
    return SAGE_OK;
  };
}

sage_batch BareOut::batch() const {
  sage_batch batch{};
  batch.struct_size = sizeof batch;
  batch.count = count_;
  batch.n_buffers = 1;
  batch.flags = SAGE_BATCH_WRITABLE;
  batch.records = records_.data();
  batch.buffers = &buffer_;
  batch.key_buf = SAGE_NO_INDEX;
  batch.watermark = SAGE_NO_TS;
  return batch;
}

}  // namespace sage::bench
