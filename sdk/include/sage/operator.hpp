// clang-format off
// From a class to a sage_operator. A class is an operator if it has one of
//
//   bool filter(Record)
//   void map(Record, Row&)                          one row for each record
//   void flat_map(Record, Out&)                     any number of rows
//   void or sage_status process(Batch, Out&)        a whole batch at once; may answer SAGE_MORE
//   Poll poll(Out&, uint32_t max)                   a source
//   void write(Record) or void write(Batch)         a sink
//   uint32_t partition(Record, uint32_t targets)
//
// clang-format on
// and is constructed from (Context&, const Config&), (const Config&) or nothing. It may have:
// static resolve(Resolve&, const Config&), static Options options(), open(Context&),
// finish(Out&) and on_watermark(int64_t, Out&) (void or status), close(), interrupt(), and as a
// sink std::string prepare(), commit(std::string_view), abort().
#pragma once

#include "io_roles.hpp"

namespace sage {

// The description of an operator; a builder for SAGE_PLUGIN.
class OperatorSpec {
 public:
  OperatorSpec& doc(const char* markdown) {
    table_.doc = markdown;
    return *this;
  }
  OperatorSpec& kind(std::uint32_t kind) {
    table_.kind = kind;
    return *this;
  }
  OperatorSpec& traits(std::uint64_t traits) {
    table_.traits |= traits;
    return *this;
  }
  OperatorSpec& options(Options options) {
    options_ = std::move(options);
    return *this;
  }
  OperatorSpec& inputs(Ports ports) {
    inputs_ = std::move(ports);
    return *this;
  }
  OperatorSpec& outputs(Ports ports) {
    outputs_ = std::move(ports);
    return *this;
  }

  // What the instances of a class with a Prototype are made from; outlives them.
  OperatorSpec& prototype(const void* prototype) {
    prototype_ = prototype;
    return *this;
  }

 private:
  friend class OperatorTable;
  template <class T>
  friend OperatorSpec operator_of(const char* id, const char* summary);
  sage_operator table_{};
  const void* prototype_ = nullptr;
  Options options_;
  Ports inputs_;
  Ports outputs_;
};

// A sage_operator, and what the instances of it are made from.
struct OperatorEntry {
  sage_operator table{};
  const void* prototype = nullptr;
};
static_assert(std::is_standard_layout_v<OperatorEntry>);  // so that one leads to the other

template <class T>
struct LifeCycle {
  static sage_status create(const sage_operator* op, sage_ctx* ctx, const sage_config* config,
                            void** self) noexcept {
    return guarded(ctx, [&]() -> sage_status {
      const void* const prototype = reinterpret_cast<const OperatorEntry*>(op)->prototype;
      // NOLINTNEXTLINE(bugprone-unhandled-exception-at-new): guarded() catches it
      *self = new Instance<T>(ctx, Config(config), prototype);
      return SAGE_OK;
    });
  }
  static sage_status open(void* self, sage_ctx* ctx) noexcept {
    return guarded(ctx, [&]() -> sage_status {
      instance<T>(self).op.open(instance<T>(self).context);
      return SAGE_OK;
    });
  }
  static sage_status finish(void* p, sage_ctx* ctx, sage_out* out) noexcept {
    return guarded(ctx, [&] {
      Instance<T>& self = instance<T>(p);
      self.context.current() = {};
      self.out.bind(out, false, 0);
      const sage_status status = status_of([&] { return self.op.finish(self.out); });
      if (status >= 0) {
        self.out.unbind();
      }
      return status;
    });
  }
  static void close(void* self, sage_ctx* ctx) noexcept {
    guarded(ctx, [&]() -> sage_status {
      instance<T>(self).op.close();
      return SAGE_OK;
    });
  }
  static void destroy(void* self) noexcept { delete &instance<T>(self); }
  static void interrupt(void* self) noexcept { instance<T>(self).op.interrupt(); }

  static const void* get_role(const sage_operator*, const char* id) noexcept {
    const std::string_view role = id;
    if constexpr (HasResolve<T>) {
      if (role == SAGE_ROLE_SCHEMA) {
        return SchemaRole<T>::table();
      }
    }
    if constexpr (HasFilter<T>) {
      return role == SAGE_ROLE_FILTER ? FilterRole<T>::table() : nullptr;
    } else if constexpr (IsTransform<T>) {
      return role == SAGE_ROLE_TRANSFORM ? TransformRole<T>::table() : nullptr;
    } else if constexpr (HasPartition<T>) {
      return role == SAGE_ROLE_PARTITION ? PartitionRole<T>::table() : nullptr;
    } else if constexpr (HasPoll<T>) {
      return role == SAGE_ROLE_SOURCE ? SourceRole<T>::table() : nullptr;
    } else {
      return role == SAGE_ROLE_SINK ? SinkRole<T>::table() : nullptr;
    }
  }
};

template <class T>
constexpr std::uint32_t default_kind() {
  return HasPoll<T>        ? SAGE_KIND_SOURCE
         : IsSink<T>       ? SAGE_KIND_SINK
         : HasFilter<T>    ? SAGE_KIND_FILTER
         : HasPartition<T> ? SAGE_KIND_PARTITIONER
         : HasMap<T>       ? SAGE_KIND_MAP
                           : SAGE_KIND_FLATMAP;
}

template <class T>
OperatorSpec operator_of(const char* id, const char* summary) {
  static_assert(
      kDataRoles<T> == 1,
      "an operator has exactly one of: filter, map / flat_map / process, partition, poll, "
      "write; with the parameters listed in sage/operator.hpp");
  OperatorSpec spec;
  sage_operator& t = spec.table_;
  t.struct_size = sizeof(sage_operator);
  t.kind = default_kind<T>();
  t.id = id;
  t.summary = summary;
  t.create = LifeCycle<T>::create;
  t.destroy = LifeCycle<T>::destroy;
  t.get_role = LifeCycle<T>::get_role;
  t.traits = HasPoll<T> ? 0 : SAGE_TRAIT_SELECTION;  // Batch sees to it
  if constexpr (HasOpen<T>) {
    t.open = LifeCycle<T>::open;
  }
  if constexpr (HasFinish<T>) {
    t.finish = LifeCycle<T>::finish;
  }
  if constexpr (HasClose<T>) {
    t.close = LifeCycle<T>::close;
  }
  if constexpr (HasInterrupt<T>) {
    t.interrupt = LifeCycle<T>::interrupt;
  }
  if constexpr (HasOptions<T>) {
    spec.options_ = T::options();
  }
  if constexpr (!HasPoll<T>) {
    spec.inputs_.push_back(port("in"));
  }
  if constexpr (!IsSink<T> && !HasPartition<T>) {
    spec.outputs_.push_back(port("out"));
  }
  return spec;
}

}  // namespace sage
