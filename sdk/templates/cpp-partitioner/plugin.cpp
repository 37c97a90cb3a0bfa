// @NAME@/by_length, a partitioner: texts of one length go to the same instance of the next stage.
#include <sage/plugin.hpp>

namespace {

class ByLength {
 public:
  static sage::Options options() {
    return {sage::option("field", sage::kField).text("text").help("the text to measure")};
  }

  // Before anything runs: do the options fit the input?
  static void resolve(sage::Resolve& resolve, const sage::Config& config) {
    resolve.require<std::string_view>("field", config.text("field"));
  }

  // One object for each sending instance. Fields are looked up by name once, here.
  ByLength(sage::Context& ctx, const sage::Config& config)
      : text_(ctx.input().field<std::string_view>(config.text("field"))) {}

  // From 0 to targets - 1. Anything else is an error of that record.
  std::uint32_t partition(sage::Record record, std::uint32_t targets) {
    return static_cast<std::uint32_t>(record[text_].size() % targets);
  }

 private:
  sage::Field<std::string_view> text_;
};

}  // namespace

SAGE_PLUGIN("@NAME@", "0.1.0", "A plugin with a partitioner",
            sage::operator_of<ByLength>("by_length", "Sends texts of one length to one instance"));
