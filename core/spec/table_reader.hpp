#pragma once
// Reads the keys of one table with their types and units, says what is wrong with each, and in the
// end which keys nobody asked for. Borrows the table and the findings. [any]

#include "spec/findings.hpp"
#include "spec/value.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sage::spec {

// Types; text is converted only where it came from ${...} or the command line.
std::optional<std::int64_t> to_integer(const Value& value);
std::optional<double> to_number(const Value& value);
std::optional<bool> to_boolean(const Value& value);

// [a-z0-9][a-z0-9_-]{0,62}
bool is_name(std::string_view text);

// `what` ("`from` of stage `a`") needs `wanted` ("a text"), and `value` is something else.
Error wrong_type(const std::string& what, const std::string& wanted, const Value& value,
                 std::string hint = "");

struct Range {
  std::int64_t low = 0;
  std::int64_t high = INT64_MAX;
};

class TableReader {
 public:
  // `owner` is for messages: "stage `words`", "[pipeline]".
  TableReader(const Table& table, Place place, std::string owner, Findings& findings)
      : table_(table), place_(std::move(place)), owner_(std::move(owner)), findings_(findings) {}

  // nullptr: not there. Every key that is asked for counts as known.
  const Value* get(std::string_view key);
  // Says so if it is not there.
  const Value* require(std::string_view key, const std::string& hint);

  // nullopt: not there, or wrong (and said so).
  std::optional<Located<std::string>> text(std::string_view key);
  std::optional<Located<std::int64_t>> integer(std::string_view key, Range range);
  std::optional<double> number(std::string_view key, double minimum);
  std::optional<std::int64_t> duration(std::string_view key);
  std::optional<std::int64_t> bytes(std::string_view key);
  std::optional<std::string> choice(std::string_view key, std::span<const std::string> allowed);
  const Table* table(std::string_view key, const std::string& form);
  // A text, or a list of at least one text. None is empty; `once`: each is different.
  std::optional<std::vector<Located<std::string>>> texts(std::string_view key, bool once);

  // Reports the keys that were not asked for.
  void finish();

  Findings& findings() { return findings_; }
  const Place& place() const { return place_; }
  std::string what(std::string_view key) const;  // "`key` of stage `words`"

 private:
  const Table& table_;
  Place place_;
  std::string owner_;
  Findings& findings_;
  std::vector<std::string> known_;
};

}  // namespace sage::spec
