// The functions of a pipeline that give a stream, as operators of the plugin layer (operator.hpp):
// records become structs, and what comes back becomes rows. [task]
#pragma once

#include "function_operator.hpp"

namespace sage::detail {

template <class F, class In, class Result>
class MapOperator : public FunctionOperator<F, In> {
 public:
  using FunctionOperator<F, In>::FunctionOperator;
  static void resolve(Resolve& resolve, const Config&) {
    MapOperator::require_input(resolve);
    resolve.output(field_specs<Result>());
  }
  void map(Record record, Row& row) {
    static constexpr Places<Result> kPlaces;
    const In& in = this->read(record);
    this->held_.call([&](F& function) {
      if constexpr (std::derived_from<F, Function>) {
        write_record(kPlaces, function.map(in), row);
      } else {
        write_record(kPlaces, Result(function(in)), row);
      }
    });
  }
};

template <class F, class In>
class FilterOperator : public FunctionOperator<F, In> {
 public:
  using FunctionOperator<F, In>::FunctionOperator;
  static void resolve(Resolve& resolve, const Config&) {
    FilterOperator::require_input(resolve);
    resolve.output(resolve.input().specs());
  }
  bool filter(Record record) {
    const In& in = this->read(record);
    return this->held_.call([&](F& function) -> bool {
      if constexpr (std::derived_from<F, Function>) {
        return function.filter(in);
      } else {
        return function(in);
      }
    });
  }
};

template <class F, class In, class Result>
class FlatMapOperator : public FunctionOperator<F, In> {
 public:
  using FunctionOperator<F, In>::FunctionOperator;
  static void resolve(Resolve& resolve, const Config&) {
    FlatMapOperator::require_input(resolve);
    resolve.output(field_specs<Result>());
  }
  void flat_map(Record record, Out& out) {
    const In& in = this->read(record);
    Collector<Result> collector(out, record.ts());
    this->held_.call([&](F& function) {
      if constexpr (std::derived_from<F, FlatMapFunction<In, Result>>) {
        function.flat_map(in, collector);
      } else if constexpr (std::derived_from<F, ProcessFunction<In, Result>>) {
        function.process(in, collector);
      } else {
        function(in, collector);
      }
      out.check_record();  // before its state is saved
    });
  }
};

template <class F, class In, class Result>
class ProcessOperator : public FlatMapOperator<F, In, Result> {
 public:
  using FlatMapOperator<F, In, Result>::FlatMapOperator;
  void finish(Out& out) {
    Collector<Result> collector(out);
    this->held_.call([&](F& function) { function.finish(collector); });
  }
};

template <class F, class In, class Result>
using AnyFlatMapOperator =
    std::conditional_t<std::derived_from<F, ProcessFunction<In, Result>>,
                       ProcessOperator<F, In, Result>, FlatMapOperator<F, In, Result>>;

// The value with a field behind its own ones, for a key that is computed.
template <class F, class In, class Key>
class KeyOperator : public FunctionOperator<F, In> {
 public:
  static constexpr const char* kField = "sage_key";
  using View = typename ViewOf<Key>::type;

  KeyOperator(Context& context, const Factory<F>& make)
      : FunctionOperator<F, In>(context, make),
        out_(context.output()),
        key_(context.output().template field<View>(kField)) {}
  static void resolve(Resolve& resolve, const Config&) {
    KeyOperator::require_input(resolve);
    std::vector<FieldSpec> specs = field_specs<In>();
    specs.push_back({kField, kTypeOf<View>});
    resolve.output(specs);
  }
  void map(Record record, Row& row) {
    const In& in = this->read(record);
    this->held_.call([&](F& function) {
      const Key key(function(in));
      write_record(out_, in, row);
      row.set(key_, View(key));
    });
  }

 private:
  Places<In> out_;
  Field<View> key_;
};

}  // namespace sage::detail
