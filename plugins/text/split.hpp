#pragma once
// text/split: one row per word of a text field.

#include <sage/plugin.hpp>

#include <memory>
#include <optional>

namespace re2 {
class RE2;
}

namespace sage::text {

class Split {
 public:
  static constexpr const char* kDoc =
      "Separators are ASCII white space, or what `pattern` (RE2) matches; there are no empty "
      "words. The output is `{word}`; with `keep = true` the other fields come before it.";

  Split(Context& ctx, const Config& options);
  ~Split();
  static Options options();
  static void resolve(Resolve& resolve, const Config& options);
  sage_status process(Batch batch, Out& out);

 private:
  // Where the work goes on: a record of the batch, and a byte of its text.
  struct Position {
    std::uint32_t record = 0;
    std::size_t byte = 0;
  };
  bool process_words(Batch batch, Out& out);
  bool process_rows(Batch batch, Out& out);
  std::string_view text_of(Record record);
  std::optional<std::string_view> next_word(std::string_view text, std::size_t& at) const;

  Field<std::string_view> field_;
  Field<std::string_view> word_;
  CopyPlan kept_;
  std::unique_ptr<re2::RE2> pattern_;  // null: white space
  bool lower_ = false;
  bool only_words_ = false;  // the output is {word} and separators are white space
  std::string lowered_;
  Position at_;
};

}  // namespace sage::text
