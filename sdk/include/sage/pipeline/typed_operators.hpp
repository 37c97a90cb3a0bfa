// The functions of a pipeline that give a stream, as operators of the plugin layer (operator.hpp):
// records become structs, and what comes back becomes rows. [task]
#pragma once

#include "held_function.hpp"

namespace sage::detail {

template <class F, class In, class Out_>
class MapStage : public Stage<F, In> {
 public:
  using Stage<F, In>::Stage;
  static void resolve(Resolve& resolve, const Config&) {
    MapStage::require_input(resolve);
    resolve.output(field_specs<Out_>());
  }
  void map(Record record, Row& row) {
    static constexpr Places<Out_> kPlaces;
    const In& in = this->read(record);
    this->held_.call([&](F& function) {
      if constexpr (std::derived_from<F, Function>) {
        write_record(kPlaces, function.map(in), row);
      } else {
        write_record(kPlaces, Out_(function(in)), row);
      }
    });
  }
};

template <class F, class In>
class FilterStage : public Stage<F, In> {
 public:
  using Stage<F, In>::Stage;
  static void resolve(Resolve& resolve, const Config&) {
    FilterStage::require_input(resolve);
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

template <class F, class In, class Out_>
class FlatMapStage : public Stage<F, In> {
 public:
  using Stage<F, In>::Stage;
  static void resolve(Resolve& resolve, const Config&) {
    FlatMapStage::require_input(resolve);
    resolve.output(field_specs<Out_>());
  }
  void flat_map(Record record, Out& out) {
    const In& in = this->read(record);
    Collector<Out_> collector(out, record.ts());
    this->held_.call([&](F& function) {
      if constexpr (std::derived_from<F, FlatMapFunction<In, Out_>>) {
        function.flat_map(in, collector);
      } else if constexpr (std::derived_from<F, ProcessFunction<In, Out_>>) {
        function.process(in, collector);
      } else {
        function(in, collector);
      }
      out.check_record();  // before its state is saved
    });
  }
};

template <class F, class In, class Out_>
class ProcessStage : public FlatMapStage<F, In, Out_> {
 public:
  using FlatMapStage<F, In, Out_>::FlatMapStage;
  void finish(Out& out) {
    Collector<Out_> collector(out);
    this->held_.call([&](F& function) { function.finish(collector); });
  }
};

template <class F, class In, class Out_>
using AnyFlatMapStage = std::conditional_t<std::derived_from<F, ProcessFunction<In, Out_>>,
                                           ProcessStage<F, In, Out_>, FlatMapStage<F, In, Out_>>;

// The value with a field behind its own ones, for a key that is computed.
template <class F, class In, class Key>
class KeyStage : public Stage<F, In> {
 public:
  static constexpr const char* kField = "sage_key";
  using View = typename ViewOf<Key>::type;

  KeyStage(Context& context, const Maker<F>& make)
      : Stage<F, In>(context, make),
        out_(context.output()),
        key_(context.output().template field<View>(kField)) {}
  static void resolve(Resolve& resolve, const Config&) {
    KeyStage::require_input(resolve);
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
