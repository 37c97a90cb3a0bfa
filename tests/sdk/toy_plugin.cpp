// A plugin with one operator of each shape, as its author would write it.
#include <sage/plugin.hpp>

#include <regex>

namespace {

// One row for each record.
class Length {
 public:
  Length(sage::Context& ctx, const sage::Config& config)
      : text_(ctx.input().field<std::string_view>(config.text("field"))),
        length_(ctx.output().field<std::int64_t>("length")),
        keep_(ctx.input(), ctx.output()),
        scale_(config.integer("scale")) {}

  static sage::Options options() {
    return {sage::option("field", sage::kField).text("line").help("the text to measure"),
            sage::option("scale", sage::kInt).value("1").min(1).help("bytes count this much")};
  }
  static void resolve(sage::Resolve& resolve, const sage::Config& config) {
    if (resolve.require<std::string_view>("field", config.text("field"))) {
      auto fields = resolve.input().specs();
      fields.push_back({"length", sage::Type::kInt64});
      resolve.output(fields);
    }
  }
  void map(sage::Record record, sage::Row& row) {
    row.copy(keep_, record);
    row.set(length_, scale_ * static_cast<std::int64_t>(record[text_].size()));
  }

 private:
  sage::Field<std::string_view> text_;
  sage::Field<std::int64_t> length_;
  sage::CopyPlan keep_;
  std::int64_t scale_;
};

// std::regex leaves many symbols behind that a plugin must not export.
class Digits {
 public:
  void open(sage::Context& ctx) { line_ = ctx.input().field<std::string_view>("line"); }
  bool filter(sage::Record record) {
    const std::string_view line = record[line_];
    return std::regex_match(line.begin(), line.end(), pattern_);
  }

 private:
  sage::Field<std::string_view> line_;
  std::regex pattern_{"[0-9]+"};
};

class Total {
 public:
  explicit Total(const sage::Config&) {}
  void write(sage::Record) { ++records_; }
  std::string prepare() { return std::to_string(records_); }
  void commit(std::string_view) {}

 private:
  std::uint64_t records_ = 0;
};

}  // namespace

SAGE_PLUGIN("toy", "1.2.3", "Operators for the tests of the SDK",
            sage::operator_of<Length>("length", "Adds the length of a text"),
            sage::operator_of<Digits>("digits", "Keeps lines of digits"),
            sage::operator_of<Total>("total", "Counts records").inputs({sage::port("in")}));
