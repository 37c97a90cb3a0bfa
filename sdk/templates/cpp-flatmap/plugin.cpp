// @NAME@/parts, a flatmap: cuts a text at a separator. Any number of rows for each record.
#include <sage/plugin.hpp>

namespace {

class Parts {
 public:
  static sage::Options options() {
    return {sage::option("field", sage::kField).text("text").help("the text to cut"),
            sage::option("at", sage::kText).text(" ").help("what stands between parts")};
  }

  // Before anything runs: do the options fit the input, and which fields come out?
  static void resolve(sage::Resolve& resolve, const sage::Config& config) {
    resolve.require<std::string_view>("field", config.text("field"));
    if (config.text("at").empty()) {
      resolve.error("at", "an empty separator is everywhere", "name one byte or more");
    }
    resolve.output({{"part", sage::Type::kText}});
  }

  // One object for each parallel instance. Fields are looked up by name once, here.
  Parts(sage::Context& ctx, const sage::Config& config)
      : text_(ctx.input().field<std::string_view>(config.text("field"))),
        part_(ctx.output().field<std::string_view>("part")),
        at_(config.text("at")) {}

  // Throw sage::RecordError where a record cannot be used: the stage's `on_error` decides then,
  // and none of its rows comes out.
  void flat_map(sage::Record record, sage::Out& out) {
    std::string_view text = record[text_];
    while (!text.empty()) {
      const std::size_t end = std::min(text.find(at_), text.size());
      if (end != 0) {
        sage::Row& row = out.row();
        row.begin(record);
        row.set(part_, text.substr(0, end));
        row.end();
      }
      text.remove_prefix(std::min(end + at_.size(), text.size()));
    }
  }

 private:
  sage::Field<std::string_view> text_;
  sage::Field<std::string_view> part_;
  std::string at_;  // a copy: the options end with the constructor
};

}  // namespace

SAGE_PLUGIN("@NAME@", "0.1.0", "A plugin with a flatmap",
            sage::operator_of<Parts>("parts", "Cuts a text at a separator"));
