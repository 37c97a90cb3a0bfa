// Drives one operator in a unit test, without an engine:
//
//   sage::testkit::Harness h(sage::operator_of<Split>("split", ""),
//                            {.options = {{"lower", true}}, .inputs = {{{"line",
//                            sage::Type::kText}}}});
//   h.push({{{"line", "A b"}}});
//   h.end();
//   CHECK(h.json() == std::vector<std::string>{R"({"word":"a"})", R"({"word":"b"})"});
//
// Each push is one call with one batch (and its continuations). What the operator does wrong
// towards the ABI (malformed records, bad commits) comes out as an exception.
#pragma once

#include "testkit/driver.hpp"

namespace sage::testkit {

class Harness {
 public:
  Harness(OperatorSpec spec, Setup setup)
      : Harness(std::make_unique<OperatorTable>(std::move(spec)), nullptr, std::move(setup)) {}
  // For operators of a plugin that was loaded.
  Harness(const sage_operator* op, Setup setup) : Harness(nullptr, op, std::move(setup)) {}
  Harness(const Harness&) = delete;
  Harness& operator=(const Harness&) = delete;

  // Gives the rows as one batch of input `input`; ts[i] is the event time of row i.
  void push(const Rows& rows, const std::vector<std::int64_t>& ts = {}, std::uint32_t input = 0) {
    batches_.push_back(std::make_unique<InputBatch>(plan_.inputs.at(input).get(), rows, ts));
    InputBatch& batch = *batches_.back();
    batch.set_input(input);
    if (!keys_.empty()) {
      batch.add_keys(plan_.inputs[input].get(), keys_);
    }
    driver_->give(batch.get());
  }
  // A batch of one's own making.
  void give(const sage_batch* batch) { driver_->give(batch); }
  // One poll of a source.
  sage_status poll(std::uint32_t max = 1024) { return driver_->poll(max); }
  // Polls until the source has ended or is idle.
  sage_status poll_all(std::uint32_t max = 1024) {
    sage_status status = SAGE_OK;
    do {
      status = poll(max);
    } while (status == SAGE_OK);
    return status;
  }
  void watermark(std::int64_t ts) { driver_->watermark(ts); }
  // All input has ended: finish; a sink prepares and commits.
  void end() { driver_->end(); }
  // The steps of `end` apart, for a sink: what prepare returns may go to another harness, also one
  // that was not opened, and to commit more than once.
  std::string prepare() {
    driver_->finish();
    return driver_->prepare();
  }
  void commit(const std::string& handle) { driver_->commit(handle); }
  void abort() { driver_->abort(); }

  // What came out so far, of finished calls.
  const std::vector<OutputRow>& output(std::uint32_t port = 0) const { return output_->rows(port); }
  Rows rows(std::uint32_t port = 0) const {
    Rows rows;
    for (const OutputRow& row : output(port)) {
      rows.push_back(row.fields);
    }
    return rows;
  }
  std::vector<std::string> json(std::uint32_t port = 0) const {
    std::vector<std::string> lines;
    for (const OutputRow& row : output(port)) {
      lines.push_back(row.json);
    }
    return lines;
  }
  std::int64_t output_watermark(std::uint32_t port = 0) const { return output_->watermark(port); }
  const std::vector<std::uint32_t>& targets() const { return driver_->targets; }
  SchemaView output_schema(std::uint32_t port = 0) const { return plan_.outputs.at(port).get(); }
  // Errors, metrics, log, what the source waits for.
  Host& host() { return *host_; }
  const std::vector<Reject>& rejects() const { return host_->rejects(); }
  double metric(const std::string& name) const { return host_->metric(name).value; }
  // Calls into the operator, and how many of them answered FORWARD or IN_PLACE.
  std::uint32_t calls() const { return output_->calls(); }
  std::uint32_t forwarded() const { return driver_->forwarded; }
  void* self() { return driver_->self(); }

  void set_targets(std::uint32_t n) { driver_->n_targets = n; }  // of a partitioner; default 4

 private:
  Harness(std::unique_ptr<OperatorTable> owned, const sage_operator* op, Setup setup)
      : owned_(std::move(owned)),
        op_(*(owned_ ? owned_->get() : op)),
        options_(op_, std::move(setup.options)),
        plan_(resolve(op_, options_, setup)) {
    if (!plan_.errors.empty()) {
      throw Failure(SAGE_E_CONFIG, plan_.errors.front());
    }
    for (const std::string& key : setup.keys) {
      keys_.push_back(SchemaView(plan_.inputs.at(0).get()).find(key).value());
    }
    const auto tables = [](const std::vector<SchemaTable>& schemas) {
      std::vector<const sage_schema*> result;
      for (const SchemaTable& schema : schemas) {
        result.push_back(schema.get());
      }
      return result;
    };
    const auto outputs = tables(plan_.outputs);
    output_ = std::make_unique<Output>(std::vector<SchemaView>(outputs.begin(), outputs.end()));
    host_ = std::make_unique<Host>(tables(plan_.inputs), outputs, keys_, setup.place);
    driver_ = std::make_unique<Driver>(op_, *host_, *output_);
    driver_->start(options_.table(), setup.open);
  }
  std::unique_ptr<OperatorTable> owned_;
  const sage_operator& op_;
  Options options_;
  Plan plan_;
  std::vector<std::uint32_t> keys_;
  std::unique_ptr<Output> output_;
  std::unique_ptr<Host> host_;
  std::vector<std::unique_ptr<InputBatch>> batches_;
  std::unique_ptr<Driver> driver_;
};

}  // namespace sage::testkit
