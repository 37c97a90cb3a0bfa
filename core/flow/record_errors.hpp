#pragma once
// What happens to rejected records: on_error decides, every one is counted. Used by the task
// thread of one operator instance.

#include "base/clock.hpp"
#include "base/counter.hpp"
#include "base/on_error.hpp"
#include "base/result.hpp"
#include "flow/output.hpp"
#include "plugin/instance.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sage::flow {

// in = processed + filtered + rejected; rejected = failed + skipped + dead-lettered. For sources
// `in` is the number of records read. `processed` is counted where a record is done with, the
// others where it comes in or is turned away, so that the sum can tell of a loss.
struct Counters {
  Counter records_in;
  Counter processed;
  Counter records_out;
  Counter filtered;
  Counter failed;
  Counter skipped;
  Counter dead_lettered;
  Counter bytes_in;
  Counter bytes_out;
  Counter barriers;
  Counter retries;  // calls that were repeated

  std::uint64_t accounted() const {
    return processed.get() + filtered.get() + failed.get() + skipped.get() + dead_lettered.get();
  }
};

class RecordErrors {
 public:
  struct Config {
    OnError on_error = OnError::kFail;
    std::string stage;
    std::uint32_t subtask = 0;
    std::vector<schema::SchemaPtr> inputs;  // of the records, by input
    schema::SchemaPtr letter;               // of dead letters
  };
  RecordErrors(Config config, BatchPool& pool, const Clock& clock, std::uint32_t batch_records);

  // Applies on_error to the rejections of one call on `batch`, which came by `input` (nullptr: of a
  // source), and empties the list. Dead letters are appended to `out` on kErrorPort. An Error:
  // on_error is "fail".
  Status handle(const Batch* batch, std::uint32_t input, std::vector<plugin::Rejection>& rejections,
                Counters& counters, std::vector<Emitted>& out);
  bool fails() const { return config_.on_error == OnError::kFail; }

 private:
  std::string record_text(const Batch* batch, std::uint32_t input,
                          const plugin::Rejection& rejection) const;
  Error failure(const plugin::Rejection& rejection, std::string record) const;
  void write_letter(const plugin::Rejection& rejection, const std::string& record);

  Config config_;
  const Clock& clock_;
  std::unique_ptr<Output> letters_;
};

// "E0501" ... for the status that a plugin rejected a record with.
std::string_view record_error_code(sage_status status);

}  // namespace sage::flow
