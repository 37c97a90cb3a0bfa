#pragma once
// Records as lines of text: JSON, CSV or plain.

#include <sage/context.hpp>
#include <sage/json.hpp>

#include <string>
#include <string_view>

namespace sage::io {

enum class RowFormat { kJsonl, kCsv, kText };

// "jsonl", "csv"; "txt" or "text" otherwise.
RowFormat row_format(std::string_view name);

// Appends records of one schema, fields in schema order, each ended by '\n'.
//
// kCsv: RFC 4180, with a plain newline. A cell with a comma, a quote, a carriage return or a
// newline is quoted; an empty text that is the only field is "", so that no line is empty; NaN and
// infinities are empty cells, counted; data is base64, a list its JSON text.
// kText: the values with a tab between them, texts byte for byte; data is base64, a list its JSON
// text.
class RowWriter {
 public:
  RowWriter() = default;
  RowWriter(SchemaView schema, RowFormat format);
  // The line that stands before the records; only kCsv has one.
  void append_header(std::string& out);
  void append(std::string& out, Record record);
  const JsonLosses& losses() const {
    return format_ == RowFormat::kJsonl ? json_.losses() : losses_;
  }

 private:
  void append_csv(std::string& out, std::uint32_t i, Record record);
  void append_plain(std::string& out, std::uint32_t i, Record record);
  void append_cell(std::string& out, std::string_view text);

  SchemaView schema_;
  RowFormat format_ = RowFormat::kJsonl;
  JsonWriter json_;
  JsonLosses losses_;
  std::string cell_;
};

// The metrics `replaced_utf8` and `not_finite`.
class LossCounters {
 public:
  explicit LossCounters(Context& ctx);
  // `now`: the losses of a writer since it began.
  void update(const JsonLosses& now);

 private:
  Counter replaced_;
  Counter not_finite_;
  JsonLosses counted_;
};

}  // namespace sage::io
