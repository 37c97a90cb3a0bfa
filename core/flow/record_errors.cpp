#include "flow/record_errors.hpp"

#include <sage/json.hpp>

#include <cstring>
#include <utility>

namespace sage::flow {

namespace {

constexpr std::size_t kShownBytesMax = 2048;        // of a record inside an error message
constexpr std::size_t kLetterBytesMax = 8u << 20;   // of a record inside a dead letter
constexpr std::size_t kLettersBytesMax = 1u << 20;  // written before they are handed over

void cut(std::string& text, std::size_t bytes) {
  if (text.size() <= bytes)
    return;
  text.resize(bytes);
  text += "...";
}

// A flat struct put together field by field; for records that are rare.
class Payload {
 public:
  explicit Payload(SchemaView schema) : schema_(schema), bytes_(schema.body_bytes(), 0) {}

  void set(std::string_view name, std::int64_t value) {
    std::memcpy(bytes_.data() + place_of(name), &value, 8);
  }
  void set(std::string_view name, std::string_view text) {
    const std::size_t at = place_of(name);
    const std::size_t target = bytes_.size();
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    bytes_.resize((bytes_.size() + 8) / 8 * 8);  // a NUL at least
    wire::store64(bytes_.data() + at, wire::list_pointer(bytes_.data() + at, bytes_.data() + target,
                                                         wire::kElementByte, text.size() + 1));
  }
  const std::vector<std::uint8_t>& bytes() const { return bytes_; }

 private:
  std::size_t place_of(std::string_view name) const { return schema_.byte(*schema_.find(name)); }

  SchemaView schema_;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace

std::string_view record_error_code(sage_status status) {
  switch (status) {
    case SAGE_E_DATA:
      return "E0501";
    case SAGE_E_RANGE:
      return "E0502";
    case SAGE_E_ARG:
      return "E0504";
    case SAGE_E_TOO_LARGE:
      return "E0505";
    case SAGE_E_FULL:
      return "E0506";
    case SAGE_E_RETRY:
      return "E0507";
    default:
      return "E0503";
  }
}

RecordErrors::RecordErrors(Config config, BatchPool& pool, const Clock& clock,
                           std::uint32_t batch_records)
    : config_(std::move(config)), clock_(clock) {
  if (config_.on_error == OnError::kDeadLetter) {
    letters_ = std::make_unique<Output>(pool, std::vector<schema::SchemaPtr>{config_.letter},
                                        batch_records);
  }
}

std::string RecordErrors::record_text(const Batch* batch, std::uint32_t input,
                                      const plugin::Rejection& rejection) const {
  std::string text;
  if (batch == nullptr || rejection.index >= batch->size()) {
    JsonLosses losses;
    append_json_text(text, rejection.raw, losses);
    return text;
  }
  const sage_record& row = batch->records.data()[batch->at(rejection.index)];
  JsonWriter(SchemaView(&config_.inputs[input]->c_table()))
      .append(text, Record(batch->c_buffers[row.buf].data + row.off, &row));
  return text;
}

void RecordErrors::write_letter(const plugin::Rejection& rejection, const std::string& record) {
  Payload letter(SchemaView(&config_.letter->c_table()));
  letter.set("stage", config_.stage);
  letter.set("instance", std::int64_t{config_.subtask});
  letter.set("code", "SAGE-" + std::string(record_error_code(rejection.code)));
  letter.set("message", rejection.message);
  letter.set("time", clock_.wall_ns());
  letter.set("record", record);
  sage_out* out = letters_->c_table();
  const sage_status status =
      out->emit(out, 0, SAGE_NO_TS, letter.bytes().data(), letter.bytes().size());
  SAGE_ASSERT(status == SAGE_OK);
}

Error RecordErrors::failure(const plugin::Rejection& rejection, std::string record) const {
  cut(record, kShownBytesMax);
  Error error{ErrorKind::kFailed, "E0601",
              "record error in stage `" + config_.stage + "`, instance " +
                  std::to_string(config_.subtask) + ": " + rejection.message + " (SAGE-" +
                  std::string(record_error_code(rejection.code)) + ")",
              "on_error = \"skip\" or \"dead_letter\" lets the job go on without such records"};
  error.stage = config_.stage;
  error.instance = config_.subtask;
  error.record = std::move(record);
  return error;
}

Status RecordErrors::handle(const Batch* batch, std::uint32_t input,
                            std::vector<plugin::Rejection>& rejections, Counters& counters,
                            std::vector<Emitted>& out) {
  const std::vector<plugin::Rejection> all = std::exchange(rejections, {});
  if (config_.on_error == OnError::kSkip) {
    counters.skipped.add(all.size());
    return Ok{};
  }
  if (config_.on_error == OnError::kFail && !all.empty()) {
    counters.failed.add(1);
    return failure(all.front(), record_text(batch, input, all.front()));
  }
  std::size_t from = out.size();
  for (const plugin::Rejection& rejection : all) {
    counters.dead_lettered.add(1);
    std::string record = record_text(batch, input, rejection);
    cut(record, kLetterBytesMax);
    write_letter(rejection, record);
    if (letters_->emitted() > kLettersBytesMax) {
      letters_->take(out);
      letters_->begin();
    }
  }
  if (letters_)
    letters_->take(out);
  for (; from < out.size(); ++from)
    out[from].port = kErrorPort;
  return Ok{};
}

}  // namespace sage::flow
