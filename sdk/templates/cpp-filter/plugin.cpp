// @NAME@/longer, a filter: keeps the records whose text has more bytes than a limit.
#include <sage/plugin.hpp>

namespace {

class Longer {
 public:
  static sage::Options options() {
    return {sage::option("field", sage::kField).text("text").help("the text to measure"),
            sage::option("than", sage::kInt).value("3").min(0).help("bytes that are not enough")};
  }

  // Before anything runs: do the options fit the input? What comes out is what came in.
  static void resolve(sage::Resolve& resolve, const sage::Config& config) {
    resolve.require<std::string_view>("field", config.text("field"));
    resolve.output(resolve.input().specs());
  }

  // One object for each parallel instance. Fields are looked up by name once, here.
  Longer(sage::Context& ctx, const sage::Config& config)
      : text_(ctx.input().field<std::string_view>(config.text("field"))),
        than_(config.integer("than")) {}

  // Throw sage::RecordError where a record cannot be used: the stage's `on_error` decides then.
  bool filter(sage::Record record) {
    return static_cast<std::int64_t>(record[text_].size()) > than_;
  }

 private:
  sage::Field<std::string_view> text_;
  std::int64_t than_;
};

}  // namespace

SAGE_PLUGIN("@NAME@", "0.1.0", "A plugin with a filter",
            sage::operator_of<Longer>("longer", "Keeps the records with a long text"));
