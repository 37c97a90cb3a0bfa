#include "conformance/life.hpp"

#include "base/clock.hpp"
#include "flow/partitioner.hpp"
#include "plan/plan.hpp"

#include <sage/testkit/check.hpp>

namespace sage::conformance {
namespace {

constexpr std::uint32_t kTargets[] = {1, 7, 128};

Error wrong(std::string message) { return {ErrorKind::kFailed, "E0602", std::move(message)}; }

// What is wrong with a record that came out; empty: nothing.
std::string fault_of(SchemaView schema, const sage_buffer& buffer, const sage_record& record) {
  try {
    testkit::check_record(schema, {buffer.data + record.off, record.len});
    return "";
  } catch (const std::exception& e) {
    constexpr std::string_view kBefore = "record: ";
    const std::string_view what = e.what();
    const std::size_t at = what.find(kBefore);
    return std::string(at == std::string_view::npos ? what : what.substr(at + kBefore.size()));
  }
}

Status check_batch(const flow::Batch& batch, const schema::Schema& schema, std::uint32_t port) {
  for (std::uint32_t i = 0; i < batch.size(); ++i) {
    const sage_record& record = batch.records.data()[batch.at(i)];
    const std::string fault =
        fault_of(SchemaView(&schema.c_table()), batch.c_buffers[record.buf], record);
    if (!fault.empty()) {
      Error error = wrong("record " + std::to_string(i) + " of output " + std::to_string(port) +
                          " is malformed: " + fault);
      error.hint = "its schema is " + schema.text();
      return error;
    }
  }
  return Ok{};
}

}  // namespace

Result<std::unique_ptr<Life>> Life::create(const Subject& subject, flow::BatchPool& pool,
                                           std::uint32_t batch_records) {
  plugin::InstanceSpec spec = instance_spec(subject);
  spec.on_error = OnError::kDeadLetter;
  SAGE_TRY(auto instance, plugin::Instance::create(std::move(spec)));
  std::unique_ptr<Life> life(new Life(subject, pool));
  if (instance->role() == plugin::Role::kPartition) {
    life->partitioner_ = std::move(instance);
    return life;
  }
  flow::OperatorSpec op;
  op.instance = std::move(instance);
  op.letter = plan::error_schema();
  life->op_ = std::make_unique<flow::Operator>(
      std::move(op), flow::TaskContext{&pool, &system_clock(), batch_records, nullptr});
  return life;
}

void Life::assign_keys(flow::BatchRef& batch, std::uint32_t input) const {
  const schema::Schema& schema = *subject_.inputs[input];
  const std::vector<std::uint32_t> keys = key_fields(schema);
  if (!subject_.keys.empty() && !keys.empty())
    flow::assign_keys(pool_, batch, {schema, keys});
}

Status Life::give(flow::BatchRef batch, std::uint32_t input) {
  assign_keys(batch, input);
  if (partitioner_ != nullptr)
    return route(in_view(batch, input));
  op_->offer(input, std::move(batch));
  return work_off();
}

Status Life::give_selection(flow::BatchRef batch, std::uint32_t input) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < batch->count; i += 2)
    rows.push_back(i);
  assign_keys(batch, input);
  if (partitioner_ != nullptr) {
    sage_batch in = in_view(batch, input);
    in.rows = rows.data();
    in.n_rows = static_cast<std::uint32_t>(rows.size());
    return route(in);
  }
  flow::narrow(pool_, batch, rows, true);
  op_->offer(input, std::move(batch));
  return work_off();
}

Status Life::work_off() {
  while (op_->has_work()) {
    SAGE_CHECK(op_->step(emitted_));
    SAGE_CHECK(look_at_output());
  }
  return Ok{};
}

Status Life::poll() {
  SAGE_CHECK(op_->poll(emitted_));
  return look_at_output();
}

Status Life::finish() {
  if (op_ == nullptr)
    return Ok{};
  if (op_->role() != plugin::Role::kSource) {
    op_->offer(0, flow::End{});
    return work_off();
  }
  op_->end();
  while (!op_->ended())
    SAGE_CHECK(poll());
  return Ok{};
}

Status Life::look_at_output() {
  for (flow::Emitted& emitted : emitted_) {
    auto* batch = std::get_if<flow::BatchRef>(&emitted.event);
    if (batch == nullptr || emitted.port == kErrorPort)
      continue;
    SAGE_CHECK(check_batch(**batch, *subject_.outputs[emitted.port], emitted.port));
    if (keeps_)
      output_.push_back(std::move(*batch));
  }
  emitted_.clear();
  return Ok{};
}

sage_batch Life::in_view(const flow::BatchRef& batch, std::uint32_t input) const {
  return flow::view(batch, input, SAGE_NO_TS, {false, !subject_.keys.empty()});
}

Status Life::route(const sage_batch& in) {
  const std::uint32_t size = in.rows == nullptr ? in.count : in.n_rows;
  for (const std::uint32_t n : kTargets) {
    std::vector<std::uint32_t> targets(size, SAGE_NO_INDEX);
    if (partitioner_->route(&in, n, targets.data()) < 0)
      return wrong("the call failed: " + partitioner_->error_message());
    for (const plugin::Rejection& rejection : partitioner_->rejections())
      targets[rejection.index] = 0;
    for (std::uint32_t i = 0; i < size; ++i) {
      if (targets[i] >= n) {
        return wrong("record " + std::to_string(i) + " goes to target " +
                     std::to_string(targets[i]) + " of " + std::to_string(n));
      }
    }
  }
  return Ok{};
}

}  // namespace sage::conformance
