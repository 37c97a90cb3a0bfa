// Records as JSON objects, one field after the other in schema order: integers exact, floats in
// the shortest form that reads back equal, NaN and infinities as null, data in base64, timestamps
// in RFC 3339, invalid UTF-8 as U+FFFD. [any]
#pragma once

#include "record.hpp"
#include "time.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

namespace sage {

// What could not be written as it is.
struct JsonLosses {
  std::uint64_t replaced = 0;    // invalid UTF-8 sequences
  std::uint64_t not_finite = 0;  // NaN and infinities
};

namespace detail {

// Bytes of the well-formed UTF-8 sequence at the start of `text`, 0: there is none.
inline std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80)
    return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length)
    return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80)
      return 0;
  }
  const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool too_high = (first == 0xed && byte(1) > 0x9f) || (first == 0xf4 && byte(1) > 0x8f);
  return overlong || too_high ? 0 : length;
}

inline void append_escaped(std::string& out, char c) {
  static constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out += "\\u00";
      out += kHex[(c >> 4) & 15];
      out += kHex[c & 15];
  }
}

}  // namespace detail

inline void append_json_text(std::string& out, std::string_view text, JsonLosses& losses) {
  out += '"';
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text[0]);
    const std::size_t length = detail::utf8_length(text);
    if (length == 0) {
      out += "\xef\xbf\xbd";
      ++losses.replaced;
    } else if (c < 0x20 || c == '"' || c == '\\') {
      detail::append_escaped(out, text[0]);
    } else {
      out.append(text.substr(0, length));
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

inline void append_json_int(std::string& out, std::int64_t n) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, n).ptr);
}

// `Real`: double or float.
template <class Real>
void append_json_real(std::string& out, Real x, JsonLosses& losses) {
  if (!std::isfinite(x)) {
    out += "null";
    ++losses.not_finite;
    return;
  }
  char buffer[40];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, x).ptr);
}

inline void append_base64(std::string& out, BytesView bytes) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = bytes.size() - i < 3 ? bytes.size() - i : 3;
    std::uint32_t word = 0;
    for (std::size_t b = 0; b < 3; ++b)
      word = word << 8 | (b < n ? bytes[i + b] : 0u);
    for (std::size_t d = 0; d < 4; ++d) {
      out += d <= n ? kDigits[(word >> (18 - 6 * d)) & 63] : '=';
    }
  }
}

namespace detail {

template <class T, class Append>
void append_json_list(std::string& out, const ListView<T>& list, const Append& append) {
  out += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0)
      out += ',';
    append(list[i]);
  }
  out += ']';
}

}  // namespace detail

// The value of field i.
inline void append_json_value(std::string& out, const SchemaView& schema, std::uint32_t i,
                              const Record& record, JsonLosses& losses) {
  const auto text = [&](std::string_view v) { append_json_text(out, v, losses); };
  const auto real = [&](auto v) { append_json_real(out, v, losses); };
  switch (schema.type(i)) {
    case Type::kBool:
      out += record[schema.field<bool>(i)] ? "true" : "false";
      break;
    case Type::kInt64:
      append_json_int(out, record[schema.field<std::int64_t>(i)]);
      break;
    case Type::kFloat64:
      real(record[schema.field<double>(i)]);
      break;
    case Type::kText:
      text(record[schema.field<std::string_view>(i)]);
      break;
    case Type::kData:
      out += '"';
      append_base64(out, record[schema.field<BytesView>(i)]);
      out += '"';
      break;
    case Type::kTimestamp:
      out += '"';
      append_timestamp(out, record[schema.field<Timestamp>(i)]);
      out += '"';
      break;
    case Type::kListText:
      detail::append_json_list(out, record[schema.field<ListView<std::string_view>>(i)], text);
      break;
    case Type::kListInt64:
      detail::append_json_list(out, record[schema.field<ListView<std::int64_t>>(i)],
                               [&](std::int64_t v) { append_json_int(out, v); });
      break;
    case Type::kListFloat64:
      detail::append_json_list(out, record[schema.field<ListView<double>>(i)], real);
      break;
    case Type::kListFloat32:
      detail::append_json_list(out, record[schema.field<ListView<float>>(i)], real);
      break;
  }
}

inline void append_json(std::string& out, const SchemaView& schema, const Record& record,
                        JsonLosses& losses) {
  out += '{';
  for (std::uint32_t i = 0; i < schema.size(); ++i) {
    if (i > 0)
      out += ',';
    out += '"';
    out += schema.name(i);
    out += "\":";
    append_json_value(out, schema, i, record, losses);
  }
  out += '}';
}

}  // namespace sage
