// Batches for an operator, made of the rows of a test.
#pragma once

#include "../hash.hpp"
#include "output.hpp"

namespace sage::testkit {

// One batch, its records spread over two buffers, its keys (if any) in a third one.
class InputBatch {
 public:
  InputBatch(const sage_schema* schema, const Rows& rows, const std::vector<std::int64_t>& ts) {
    const std::vector<OutputRow> records = write(schema, rows, ts);
    for (std::size_t i = 0; i < records.size(); ++i) {
      place(records[i].payload, records[i].ts, static_cast<std::uint32_t>(i % 2));
    }
    finish_buffers();
    batch_ = {sizeof(sage_batch),
              static_cast<std::uint32_t>(records_.size()),
              3,
              SAGE_BATCH_WRITABLE,
              records_.data(),
              table_,
              nullptr,
              2,
              0,
              SAGE_NO_TS,
              nullptr,
              0,
              0};
  }
  InputBatch(const InputBatch&) = delete;
  InputBatch& operator=(const InputBatch&) = delete;

  const sage_batch* get() const { return &batch_; }
  void set_input(std::uint32_t input) { batch_.input = input; }

  // Adds the canonical key bytes of these fields to every record. The hash is not the engine's.
  void add_keys(SchemaView schema, const std::vector<std::uint32_t>& fields) {
    std::vector<std::uint8_t> bytes;
    for (sage_record& record : records_) {
      const std::size_t start = bytes.size();
      for (const std::uint32_t i : fields) {
        append_key(bytes, schema, i, {table_[record.buf].data + record.off, &record},
                   fields.size() > 1);
      }
      keys_.push_back(
          {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(bytes.size() - start)});
      record.key = stable_hash(BytesView(bytes).subspan(start));
    }
    buffers_.emplace_back(bytes.size());
    std::copy(bytes.begin(), bytes.end(), buffers_.back().data());
    table_[2] = {buffers_.back().data(), bytes.size()};
    batch_.keys = keys_.data();
  }

 private:
  // Rows into payloads, through a Row of its own.
  static std::vector<OutputRow> write(const sage_schema* schema, const Rows& rows,
                                      const std::vector<std::int64_t>& ts) {
    sage_ctx ctx{};
    ctx.n_outputs = 1;
    ctx.outputs = &schema;
    Output output({schema});
    Out out(&ctx);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      output.begin_call();
      out.bind(output.table(), false, 1);
      Row& row = out.row();
      row.begin(i < ts.size() ? ts[i] : SAGE_NO_TS);
      set_fields(row, rows[i]);
      row.end();
      out.unbind();
      output.end_call(true);
    }
    return output.rows(0);
  }
  void place(const std::vector<std::uint8_t>& payload, std::int64_t ts, std::uint32_t buffer) {
    auto& bytes = bytes_[buffer];
    records_.push_back({ts, 0, static_cast<std::uint32_t>(bytes.size()),
                        static_cast<std::uint32_t>(payload.size()), buffer, 0});
    bytes.insert(bytes.end(), payload.begin(), payload.end());
  }
  void finish_buffers() {
    for (std::size_t i = 0; i < 2; ++i) {
      buffers_.emplace_back(bytes_[i].size());
      std::copy(bytes_[i].begin(), bytes_[i].end(), buffers_[i].data());
      table_[i] = {buffers_[i].data(), bytes_[i].size()};
    }
  }
  static void append_key(std::vector<std::uint8_t>& bytes, SchemaView schema, std::uint32_t i,
                         Record record, bool several) {
    const auto append = [&](const void* data, std::size_t n) {
      const auto* p = static_cast<const std::uint8_t*>(data);
      bytes.insert(bytes.end(), p, p + n);
    };
    if (!is_scalar(schema.type(i))) {
      const Value value = detail::get_value(schema, i, record);
      const auto length = static_cast<std::uint32_t>(value.text().size());
      append(&length, several ? sizeof length : 0);
      return append(value.text().data(), length);
    }
    std::uint64_t word = schema.type(i) == Type::kBool
                             ? record[schema.field<bool>(i)]
                             : wire::load64(record.body() + schema.byte(i));
    double real = 0;
    std::memcpy(&real, &word, sizeof real);
    if (schema.type(i) == Type::kFloat64 && real == 0) {
      word = 0;  // -0.0 is the key 0.0
    } else if (schema.type(i) == Type::kFloat64 && real != real) {
      word = 0x7ff8000000000000u;  // every NaN is one key
    }
    append(&word, sizeof word);
  }

  sage_batch batch_{};
  std::vector<sage_record> records_;
  std::vector<sage_key> keys_;
  std::vector<std::uint8_t> bytes_[2];
  std::vector<Buffer> buffers_;
  sage_buffer table_[3] = {};
};

}  // namespace sage::testkit
