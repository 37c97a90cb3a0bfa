#include "conformance/life.hpp"
#include "conformance/rows.hpp"
#include "conformance/trials.hpp"

#include <sage/plugin.h>

#include <chrono>
#include <cstring>

namespace sage::conformance {
namespace {

constexpr std::uint32_t kSizes[] = {0, 1, 4096, 65'536};
constexpr int kPolls = 50;
constexpr auto kPollTime = std::chrono::milliseconds(300);

std::string named(std::string what, const Subject& subject, std::uint32_t input) {
  return subject.inputs.size() < 2 ? what : what + " for input " + std::to_string(input);
}

bool has_trait(const Subject& subject, std::uint64_t trait) {
  return (subject.op.info->traits & trait) != 0;
}

Status batches(const Trial& trial) {
  SAGE_TRY(const auto life, Life::create(trial.subject, trial.pool));
  SAGE_CHECK(life->open());
  for (const std::uint32_t n : kSizes) {
    for (std::uint32_t input = 0; input < trial.subject.inputs.size(); ++input) {
      const std::string what =
          named("a batch of " + std::to_string(n) + " records", trial.subject, input);
      trial.report.at(what);
      flow::BatchRef rows = usual_rows(trial.pool, trial.subject.inputs[input], n);
      Status done = life->give(rows, input);
      if (done && n > 0 && has_trait(trial.subject, SAGE_TRAIT_SELECTION)) {
        trial.report.at(what + ", of which every second one counts");
        done = life->give_selection(std::move(rows), input);
      }
      if (!done)
        return std::move(done.error()).with(what);
    }
  }
  trial.report.at("the end of the input");
  return life->finish();
}

Status values(const Trial& trial) {
  SAGE_TRY(const auto life, Life::create(trial.subject, trial.pool));
  SAGE_CHECK(life->open());
  for (std::uint32_t input = 0; input < trial.subject.inputs.size(); ++input) {
    for (NamedBatch& rows : hard_rows(trial.pool, trial.subject.inputs[input])) {
      const std::string what = named(rows.name, trial.subject, input);
      trial.report.at(what);
      if (Status done = life->give(std::move(rows.batch), input); !done)
        return std::move(done.error()).with(what);
    }
  }
  trial.report.at("the end of the input");
  return life->finish();
}

// What a plugin could have changed of a batch: its envelopes, and the bytes in its buffers.
struct Copy {
  explicit Copy(const flow::Batch& batch) {
    records.assign(batch.records.data(), batch.records.data() + batch.count);
    for (const sage_buffer& buffer : batch.c_buffers)
      buffers.emplace_back(buffer.data, buffer.data + buffer.len);
  }
  std::vector<sage_record> records;
  std::vector<std::vector<std::uint8_t>> buffers;
};

bool same_record(const sage_record& a, const sage_record& b) {
  return a.ts == b.ts && a.off == b.off && a.len == b.len && a.buf == b.buf && a.meta == b.meta;
}

// `payload`: bytes of records count, too.
Status compare(const Copy& before, const flow::Batch& now, bool payload) {
  for (std::uint32_t i = 0; i < before.records.size(); ++i) {
    const sage_record& record = before.records[i];
    const std::string which = "record " + std::to_string(i) + " of what came in";
    if (!same_record(record, now.records.data()[i]))
      return Error{ErrorKind::kFailed, "E0602", "it changed the envelope of " + which};
    if (payload && std::memcmp(before.buffers[record.buf].data() + record.off,
                               now.c_buffers[record.buf].data + record.off, record.len) != 0)
      return Error{ErrorKind::kFailed, "E0602", "it changed bytes of " + which,
                   "only a batch that is WRITABLE may be edited, and the answer is IN_PLACE then"};
  }
  return Ok{};
}

Status unchanged(const Trial& trial) {
  SAGE_TRY(const auto life, Life::create(trial.subject, trial.pool));
  SAGE_CHECK(life->open());
  for (std::uint32_t input = 0; input < trial.subject.inputs.size(); ++input) {
    const flow::BatchRef rows = usual_rows(trial.pool, trial.subject.inputs[input], 1000);
    const Copy before(*rows);
    trial.report.at(named("a batch that others read, too", trial.subject, input));
    SAGE_CHECK(life->give(rows, input));
    SAGE_CHECK(compare(before, *rows, true));
  }
  if (!has_trait(trial.subject, SAGE_TRAIT_IN_PLACE))
    return Ok{};
  flow::BatchRef rows = usual_rows(trial.pool, trial.subject.inputs[0], 1000);
  const Copy before(*rows);
  trial.report.at("a batch that may be edited");
  life->keep_output();
  SAGE_CHECK(life->give(std::move(rows)));
  for (const flow::BatchRef& out : life->take_output()) {
    if (out->count == before.records.size() && out->buffers.size() == before.buffers.size())
      SAGE_CHECK(compare(before, *out, false));
  }
  return Ok{};
}

Status polls(const Trial& trial) {
  for (const std::uint32_t n : {1u, 4096u, 65'536u}) {
    trial.report.at("polls for " + std::to_string(n) + " records");
    SAGE_TRY(const auto life, Life::create(trial.subject, trial.pool, n));
    SAGE_CHECK(life->open());
    const auto until = std::chrono::steady_clock::now() + kPollTime;
    for (int i = 0; i < kPolls && !life->has_ended(); ++i) {
      SAGE_CHECK(life->poll());
      if (std::chrono::steady_clock::now() > until)
        break;
    }
    SAGE_CHECK(life->finish());
  }
  return Ok{};
}

}  // namespace

Outcome try_batches(const Trial& trial) { return outcome_of(batches(trial)); }
Outcome try_values(const Trial& trial) { return outcome_of(values(trial)); }
Outcome try_unchanged(const Trial& trial) { return outcome_of(unchanged(trial)); }
Outcome try_polls(const Trial& trial) { return outcome_of(polls(trial)); }

}  // namespace sage::conformance
