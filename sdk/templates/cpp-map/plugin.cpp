// @NAME@/length, a map: adds the number of bytes of a text. One row for each record.
#include <sage/plugin.hpp>

namespace {

class Length {
 public:
  static sage::Options options() {
    return {sage::option("field", sage::kField).text("text").help("the text to measure")};
  }

  // Before anything runs: do the options fit the input, and which fields come out?
  static void resolve(sage::Resolve& resolve, const sage::Config& config) {
    resolve.require<std::string_view>("field", config.text("field"));
    std::vector<sage::FieldSpec> fields = resolve.input().specs();
    fields.push_back({"length", sage::Type::kInt64});
    resolve.output(fields);
  }

  // One object for each parallel instance. Fields are looked up by name once, here.
  Length(sage::Context& ctx, const sage::Config& config)
      : text_(ctx.input().field<std::string_view>(config.text("field"))),
        length_(ctx.output().field<std::int64_t>("length")),
        others_(ctx.input(), ctx.output()) {}

  // Throw sage::RecordError where a record cannot be used: the stage's `on_error` decides then.
  void map(sage::Record record, sage::Row& row) {
    row.copy(others_, record);
    row.set(length_, static_cast<std::int64_t>(record[text_].size()));
  }

 private:
  sage::Field<std::string_view> text_;
  sage::Field<std::int64_t> length_;
  sage::CopyPlan others_;
};

}  // namespace

SAGE_PLUGIN("@NAME@", "0.1.0", "A plugin with a map",
            sage::operator_of<Length>("length", "Adds the number of bytes of a text"));
