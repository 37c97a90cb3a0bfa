#include "lower.hpp"

#include "ascii.hpp"

#include <algorithm>

namespace sage::text {

Options Lower::options() {
  return {option("field", kField).text("line").help("the text field to make lower case")};
}

void Lower::resolve(Resolve& resolve, const Config& options) {
  resolve.require<std::string_view>("field", options.text("field"));
  resolve.output(resolve.input().specs());
}

Lower::Lower(Context& ctx, const Config& options)
    : field_(ctx.input().field<std::string_view>(options.text("field"))) {
  const std::string_view name = options.text("field");
  std::vector<std::string> names;
  for (const FieldSpec& field : ctx.input().specs()) {
    if (field.name != name) {
      names.push_back(field.name);
    }
  }
  others_ = CopyPlan(ctx.input(), ctx.output(), names);
  is_key_ = std::ranges::any_of(ctx.keys(),
                                [&](std::uint32_t key) { return ctx.input().name(key) == name; });
}

sage_status Lower::process(Batch batch, Out& out) {
  if (batch.writable() && !(batch.keyed() && is_key_)) {
    edit(batch);
    return SAGE_IN_PLACE;
  }
  if (!batch.resumed()) {
    at_ = 0;
  }
  return rewrite(batch, out.row(), out) ? SAGE_OK : SAGE_MORE;
}

void Lower::edit(Batch batch) const {
  for (std::uint32_t i = 0; i < batch.size(); ++i) {
    std::uint8_t* const body = batch.edit(i);
    const std::string_view text = batch[i][field_];
    const std::ptrdiff_t at = as_bytes(text).data() - body;
    lower_ascii(text, reinterpret_cast<char*>(body + at));
  }
}

bool Lower::rewrite(Batch batch, Row& row, const Out& out) {
  for (; at_ < batch.size(); ++at_) {
    if (out.full()) {
      return false;
    }
    const Record record = batch[at_];
    const std::string_view text = record[field_];
    lowered_.resize(text.size());
    lower_ascii(text, lowered_.data());
    row.begin(record);
    row.copy(others_, record);
    row.set(field_, lowered_);
    row.end();
  }
  return true;
}

}  // namespace sage::text
