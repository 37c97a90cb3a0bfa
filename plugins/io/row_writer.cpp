#include "row_writer.hpp"

#include <array>
#include <cmath>

namespace sage::io {

namespace {

// What a byte asks of a CSV cell.
constexpr unsigned char kQuotes = 1;
constexpr unsigned char kNotAscii = 2;
constexpr std::array<unsigned char, 256> kByteClass = [] {
  std::array<unsigned char, 256> table{};
  for (const unsigned char c : {',', '"', '\r', '\n'}) {
    table[c] = kQuotes;
  }
  for (std::size_t c = 0x80; c < 256; ++c) {
    table[c] = kNotAscii;
  }
  return table;
}();

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"') {
      out += '"';
    }
    out += c;
  }
  out += '"';
}

std::string_view text_of(SchemaView schema, std::uint32_t i, Record record) {
  return record[schema.field<std::string_view>(i)];
}

}  // namespace

RowFormat row_format(std::string_view name) {
  return name == "jsonl" ? RowFormat::kJsonl : name == "csv" ? RowFormat::kCsv : RowFormat::kText;
}

RowWriter::RowWriter(SchemaView schema, RowFormat format)
    : schema_(schema), format_(format), json_(schema) {}

void RowWriter::append_header(std::string& out) {
  if (format_ != RowFormat::kCsv) {
    return;
  }
  for (std::uint32_t i = 0; i < schema_.size(); ++i) {
    out += i == 0 ? "" : ",";
    out += schema_.name(i);
  }
  out += '\n';
}

void RowWriter::append(std::string& out, Record record) {
  if (format_ == RowFormat::kJsonl) {
    json_.append(out, record);
  } else {
    for (std::uint32_t i = 0; i < schema_.size(); ++i) {
      if (format_ == RowFormat::kCsv) {
        out += i == 0 ? "" : ",";
        append_csv(out, i, record);
      } else {
        out += i == 0 ? "" : "\t";
        append_plain(out, i, record);
      }
    }
  }
  out += '\n';
}

void RowWriter::append_csv(std::string& out, std::uint32_t i, Record record) {
  const Type type = schema_.type(i);
  if (type == Type::kText) {
    append_cell(out, text_of(schema_, i, record));
  } else if (is_list(type)) {
    cell_.clear();
    append_json_value(cell_, schema_, i, record, losses_);
    append_quoted(out, cell_);
  } else if (type == Type::kFloat64 && !std::isfinite(record[schema_.field<double>(i)])) {
    ++losses_.not_finite;
  } else {
    append_plain(out, i, record);
  }
}

void RowWriter::append_cell(std::string& out, std::string_view text) {
  unsigned char classes = text.empty() && schema_.size() == 1 ? kQuotes : 0;
  for (const char c : text) {
    classes |= kByteClass[static_cast<unsigned char>(c)];
  }
  if ((classes & kNotAscii) != 0) {
    cell_.clear();
    append_utf8(cell_, text, losses_);
    text = cell_;
  }
  if ((classes & kQuotes) != 0) {
    append_quoted(out, text);
  } else {
    out += text;
  }
}

void RowWriter::append_plain(std::string& out, std::uint32_t i, Record record) {
  switch (schema_.type(i)) {
    case Type::kText:
      out += text_of(schema_, i, record);
      break;
    case Type::kData:
      append_base64(out, record[schema_.field<BytesView>(i)]);
      break;
    case Type::kTimestamp:
      append_timestamp(out, record[schema_.field<Timestamp>(i)]);
      break;
    case Type::kFloat64: {
      char buffer[40];
      const double value = record[schema_.field<double>(i)];
      out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
      break;
    }
    default:  // a bool, an integer or a list is written as in JSON
      append_json_value(out, schema_, i, record, losses_);
  }
}

LossCounters::LossCounters(Context& ctx)
    : replaced_(ctx.metrics().counter("replaced_utf8", nullptr,
                                      "invalid UTF-8 sequences written as U+FFFD")),
      not_finite_(ctx.metrics().counter("not_finite", nullptr,
                                        "NaN and infinities written as null or nothing")) {}

void LossCounters::update(const JsonLosses& now) {
  replaced_.add(now.replaced - counted_.replaced);
  not_finite_.add(now.not_finite - counted_.not_finite);
  counted_ = now;
}

}  // namespace sage::io
