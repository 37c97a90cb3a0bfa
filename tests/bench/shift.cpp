// bench_cpp/shift: what bench/shift does, one record at a time through the C++ layer.
#include <sage/plugin.hpp>

namespace {

class Shift {
 public:
  Shift(sage::Context& ctx, const sage::Config&) : b_(ctx.input().field<std::int64_t>("b")) {}
  void map(sage::Record record, sage::Row& row) {
    row.copy(record);
    row.set(b_, 3 * record[b_] + 1);
  }

 private:
  sage::Field<std::int64_t> b_;
};

}  // namespace

SAGE_PLUGIN("bench_cpp", "1.0.0", "A benchmark's operator in C++",
            sage::operator_of<Shift>("shift", "b = 3 b + 1"));
