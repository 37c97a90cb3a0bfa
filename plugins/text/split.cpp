#include "split.hpp"

#include "ascii.hpp"
#include "pattern.hpp"
#include "white_space.hpp"

#include <bit>

namespace sage::text {

namespace {

constexpr std::size_t kBlock = 64;
static_assert(kBlock <= SAGE_SLACK, "a block may reach behind the end of its text");

// Writes the words of text[at..] that end in it, a block at a time. Returns where it stopped: the
// end, or the start of a word once the call has written enough. 64 bytes behind the text are read.
std::size_t put_words(std::string_view text, std::size_t at, std::int64_t ts, TextRows& rows) {
  const char* const data = text.data();
  std::size_t start = at;  // of the word that is open
  std::uint64_t open = 0;  // 1: there is one
  for (std::size_t base = at; base < text.size() || open != 0; base += kBlock) {
    std::uint64_t letters = base < text.size() ? ~space_mask(data + base) : 0;
    if (text.size() - base < kBlock && base < text.size()) {
      letters &= (std::uint64_t{1} << (text.size() - base)) - 1;
    }
    if (rows.full()) [[unlikely]] {
      return open != 0 ? start : base;
    }
    rows.ensure(kBlock / 2 + 1, base - start + kBlock);
    // Bits where a word starts or ends, in turn.
    std::uint64_t edges = letters ^ (letters << 1 | open);
    if (open != 0 && edges != 0) {
      const std::size_t end = base + static_cast<std::size_t>(std::countr_zero(edges));
      edges &= edges - 1;
      rows.put(ts, data + start, static_cast<std::uint32_t>(end - start));
    }
    open = edges == 0 && open != 0 ? letters >> 63 : 0;
    while (edges != 0) {
      start = base + static_cast<std::size_t>(std::countr_zero(edges));
      edges &= edges - 1;
      if (edges == 0) {
        open = 1;
        break;
      }
      const std::size_t end = base + static_cast<std::size_t>(std::countr_zero(edges));
      edges &= edges - 1;
      rows.put(ts, data + start, static_cast<std::uint32_t>(end - start));
    }
  }
  return text.size();
}

}  // namespace

Options Split::options() {
  return {option("field", kField).text("line").help("the text field to split"),
          option("pattern", kText).help("regular expression (RE2) of separators"),
          option("lower", kBool).value("false").help("make the words lower case, ASCII only"),
          option("keep", kBool).value("false").help("keep the other fields")};
}

void Split::resolve(Resolve& resolve, const Config& options) {
  const auto field = resolve.require<std::string_view>("field", options.text("field"));
  check_pattern(resolve, options, "pattern", EmptyMatch::kRefused);
  std::vector<FieldSpec> fields;
  if (field && options.boolean("keep")) {
    fields = resolve.input().specs();
    fields.erase(fields.begin() + *field);
    if (std::ranges::find(fields, "word", &FieldSpec::name) != fields.end()) {
      resolve.error("keep", "the input has a field 'word' of its own",
                    "rename it before, or leave keep out");
    }
  }
  fields.push_back({"word", Type::kText});
  resolve.output(fields);
}

Split::Split(Context& ctx, const Config& options)
    : field_(ctx.input().field<std::string_view>(options.text("field"))),
      word_(ctx.output().field<std::string_view>("word")),
      pattern_(make_pattern(options, "pattern")),
      lower_(options.boolean("lower")),
      only_words_(pattern_ == nullptr && ctx.output().size() == 1) {
  std::vector<std::string> names;
  for (const FieldSpec& field : ctx.output().specs()) {
    if (field.name != "word") {
      names.push_back(field.name);
    }
  }
  kept_ = CopyPlan(ctx.input(), ctx.output(), names);
}

Split::~Split() = default;

sage_status Split::process(Batch batch, Out& out) {
  if (!batch.resumed()) {
    at_ = {};
  }
  const bool done = only_words_ ? process_words(batch, out) : process_rows(batch, out);
  return done ? SAGE_OK : SAGE_MORE;
}

bool Split::process_words(Batch batch, Out& out) {
  TextRows rows(out.row());
  for (; at_.record < batch.size(); ++at_.record, at_.byte = 0) {
    const Record record = batch[at_.record];
    const std::string_view text = text_of(record);
    at_.byte = put_words(text, at_.byte, record.ts(), rows);
    if (at_.byte < text.size()) {
      return false;
    }
  }
  return true;
}

bool Split::process_rows(Batch batch, Out& out) {
  Row& row = out.row();
  for (; at_.record < batch.size(); ++at_.record, at_.byte = 0) {
    const Record record = batch[at_.record];
    const std::string_view text = text_of(record);
    while (const auto word = next_word(text, at_.byte)) {
      row.begin(record);
      row.copy(kept_, record);
      row.set(word_, *word);
      row.end();
      if (out.full()) {
        return false;
      }
    }
  }
  return true;
}

// With SAGE_SLACK readable bytes behind it.
std::string_view Split::text_of(Record record) {
  const std::string_view text = record[field_];
  if (!lower_) {
    return text;
  }
  lowered_.resize(text.size() + SAGE_SLACK);
  lower_ascii(text, lowered_.data());
  return {lowered_.data(), text.size()};
}

std::optional<std::string_view> Split::next_word(std::string_view text, std::size_t& at) const {
  while (at < text.size()) {
    const Span separator =
        pattern_ != nullptr ? find_match(*pattern_, text, at) : find_if_char(text, at, is_space);
    const std::string_view word = text.substr(at, separator.begin - at);
    at = separator.end;
    if (!word.empty()) {
      return word;
    }
  }
  return std::nullopt;
}

}  // namespace sage::text
