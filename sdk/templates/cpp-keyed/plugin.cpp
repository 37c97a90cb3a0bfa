// @NAME@/number, a map with keyed state: numbers the records of each key.
#include <sage/plugin.hpp>

namespace {

class Number {
 public:
  // Before anything runs: which fields come out?
  static void resolve(sage::Resolve& resolve, const sage::Config&) {
    std::vector<sage::FieldSpec> fields = resolve.input().specs();
    fields.push_back({"n", sage::Type::kInt64});
    resolve.output(fields);
  }

  // One object for each parallel instance. Fields are looked up by name once, here.
  explicit Number(sage::Context& ctx, const sage::Config&)
      : n_(ctx.output().field<std::int64_t>("n")), others_(ctx.input(), ctx.output()) {}

  // The engine holds one value for each key, and brings all records of a key to the same instance.
  void open(sage::Context& ctx) { seen_ = ctx.keyed_state<std::int64_t>("seen"); }

  void map(sage::Record record, sage::Row& row) {
    row.copy(others_, record);
    row.set(n_, ++seen_.get());  // of this record's key; zero at first
  }

 private:
  sage::Field<std::int64_t> n_;
  sage::CopyPlan others_;
  sage::KeyedState<std::int64_t> seen_;
};

}  // namespace

SAGE_PLUGIN("@NAME@", "0.1.0", "A plugin with a keyed operator",
            sage::operator_of<Number>("number", "Numbers the records of each key")
                .kind(SAGE_KIND_KEYED)
                .traits(SAGE_TRAIT_NEEDS_KEY));
