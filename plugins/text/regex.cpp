#include "regex.hpp"

#include "pattern.hpp"

#include <algorithm>

namespace sage::text {

namespace {

// Appends a field for every named group.
void add_groups(Resolve& resolve, const re2::RE2& pattern, std::vector<FieldSpec>& fields) {
  for (const auto& [index, name] : pattern.CapturingGroupNames()) {
    if (!is_field_name(name)) {
      resolve.error("pattern", "the group name '" + name + "' cannot name a field",
                    "a field has letters, digits and _, no digit first, at most 63 characters");
    } else if (resolve.input().has(name)) {
      resolve.error("pattern", "the input has a field '" + name + "' of its own",
                    "give the group another name, or drop that field before");
    } else if (std::ranges::find(fields, name, &FieldSpec::name) != fields.end()) {
      resolve.error("pattern", "two groups have the name '" + name + "'");
    } else {
      fields.push_back({name, Type::kText});
    }
  }
}

}  // namespace

Options Regex::options() {
  return {option("field", kField).text("line").help("the text field to search"),
          option("pattern", kText)
              .required()
              .help("regular expression (RE2); its named groups become fields"),
          option("on_no_match", kText)
              .text("drop")
              .allowed({"drop", "error", "keep"})
              .help("what becomes of a record whose text does not match")};
}

void Regex::resolve(Resolve& resolve, const Config& options) {
  resolve.require<std::string_view>("field", options.text("field"));
  check_pattern(resolve, options, "pattern", EmptyMatch::kAllowed);
  if (resolve.failed()) {
    return;
  }
  const auto pattern = make_pattern(options, "pattern");
  if (pattern->NamedCapturingGroups().empty() && options.text("on_no_match") == "keep") {
    resolve.error("on_no_match",
                  "the pattern has no named groups, so \"keep\" would change nothing",
                  "name a group, (?P<name>...), or write \"drop\" to filter");
  }
  std::vector<FieldSpec> fields = resolve.input().specs();
  add_groups(resolve, *pattern, fields);
  resolve.output(fields);
}

Regex::Regex(Context& ctx, const Config& options)
    : name_(options.text("field")),
      field_(ctx.input().field<std::string_view>(name_)),
      pattern_(make_pattern(options, "pattern")),
      on_no_match_(options.text("on_no_match") == "error"  ? NoMatch::kError
                   : options.text("on_no_match") == "keep" ? NoMatch::kKeep
                                                           : NoMatch::kDrop),
      kept_(ctx.input(), ctx.output()) {
  for (const auto& [index, name] : pattern_->CapturingGroupNames()) {
    groups_.push_back({index, ctx.output().field<std::string_view>(name)});
  }
  match_.resize(groups_.empty() ? 0 : static_cast<std::size_t>(groups_.back().index) + 1);
}

void Regex::flat_map(Record record, Out& out) {
  const std::string_view text = record[field_];
  const bool matches =
      pattern_->Match({text.data(), text.size()}, 0, text.size(), re2::RE2::UNANCHORED,
                      match_.data(), static_cast<int>(match_.size()));
  if (!matches && on_no_match_ == NoMatch::kError) {
    throw RecordError("field '" + name_ + "' does not match the pattern '" + pattern_->pattern() +
                      "'");
  }
  if (!matches && on_no_match_ == NoMatch::kDrop) {
    return;
  }
  Row& row = out.row();
  row.begin(record);
  if (groups_.empty()) {
    row.copy(record);
  } else {
    row.copy(kept_, record);
  }
  for (const Group& group : groups_) {
    if (matches) {
      const re2::StringPiece& part = match_[static_cast<std::size_t>(group.index)];
      row.set(group.field, std::string_view(part.data(), part.size()));
    }
  }
  row.end();
}

}  // namespace sage::text
