#pragma once
// text/lower: the letters A to Z of one text field become a to z.

#include <sage/plugin.hpp>

namespace sage::text {

class Lower {
 public:
  static constexpr const char* kDoc =
      "Only the ASCII letters of `field` change; the bytes of all other characters, and of what is "
      "not UTF-8, stay as they are. The output has the fields of the input.";

  Lower(Context& ctx, const Config& options);
  static Options options();
  static void resolve(Resolve& resolve, const Config& options);
  sage_status process(Batch batch, Out& out);

 private:
  void edit(Batch batch) const;
  bool rewrite(Batch batch, Row& row, const Out& out);

  Field<std::string_view> field_;
  CopyPlan others_;
  bool is_key_ = false;  // the text may be the bytes of the key, which must stay
  std::string lowered_;
  std::uint32_t at_ = 0;  // record of the batch to go on with
};

}  // namespace sage::text
