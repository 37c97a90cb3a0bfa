// The functions behind the role tables: an instance, and loops around the per-record methods.
#pragma once

#include "barrier.hpp"
#include "concepts.hpp"

namespace sage {

// One operator instance as the host holds it.
template <class T>
struct Instance {
  Instance(sage_ctx* ctx, const Config& config, const void* prototype)
      : context(ctx), out(ctx), op(make(context, config, prototype)) {}

  static T make(Context& context, const Config& config, const void* prototype) {
    if constexpr (HasPrototype<T>) {
      return T(context, *static_cast<const typename T::Prototype*>(prototype));
    } else if constexpr (std::constructible_from<T, Context&, const Config&>) {
      return T(context, config);
    } else if constexpr (std::constructible_from<T, const Config&>) {
      return T(config);
    } else {
      static_assert(std::default_initializable<T>,
                    "an operator is constructed from (Context&, const Config&) or from nothing");
      return T();
    }
  }

  Context context;
  Out out;
  T op;
  std::string handle;  // of a prepared sink
};

template <class T>
Instance<T>& instance(void* self) {
  return *static_cast<Instance<T>*>(self);
}

// Calls call(record) for the records of the current batch from the current one on, with held-back
// output: SAGE_MORE once enough was written.
template <class T, class Call>
sage_status for_each_record(Instance<T>& self, Call call) {
  CurrentRecord& current = self.context.current();
  const Batch batch(current.batch);
  for (std::uint32_t i = current.index; i < batch.size(); ++i) {
    current.index = i;
    if (self.out.full()) {
      return SAGE_MORE;
    }
    try {
      call(batch[i]);
      self.out.settle();
    } catch (...) {
      self.out.roll_back();
      if (const sage_status s = reject_exception(self.context.get(), i); s < 0) {
        return s;
      }
    }
  }
  return SAGE_OK;
}

// The same for an operator that makes a row of each record and sees nothing but this row. It is a
// copy, whose members stay in registers where `map` is inlined: a store into the slab might change
// those of the port's own row. kWhole: the batch is; one loop for both needs more registers than
// there are.
template <bool kWhole, class T>
sage_status map_each_record(Instance<T>& self, const Batch& batch) {
  CurrentRecord& current = self.context.current();
  Row row = self.out.row();
  sage_status status = SAGE_OK;
  for (std::uint32_t i = current.index; i < batch.size(); ++i) {
    current.index = i;
    self.out.roll_back(row);
    if (self.out.full(row)) {
      status = SAGE_MORE;
      break;
    }
    try {
      const Record record = kWhole ? batch.of_whole(i) : batch[i];
      row.begin(record);
      self.op.map(record, row);
      row.end();
      self.out.settle(row);
    } catch (...) {
      if (const sage_status s = reject_exception(self.context.get(), i); s < 0) {
        status = s;
        break;
      }
    }
  }
  self.out.roll_back(row);
  self.out.row() = row;
  return status;
}

template <class T>
struct TransformRole {
  static constexpr bool kPerRecord = !HasProcess<T>;

  static sage_status run(Instance<T>& self, bool resumed) {
    if constexpr (HasProcess<T>) {
      const Batch batch(self.context.current().batch, resumed);
      return status_of([&] { return self.op.process(batch, self.out); });
    } else if constexpr (HasMap<T>) {
      const Batch batch(self.context.current().batch);
      return batch.whole() ? map_each_record<true>(self, batch)
                           : map_each_record<false>(self, batch);
    } else {
      return for_each_record(self, [&](Record record) { self.op.flat_map(record, self.out); });
    }
  }
  static sage_status process(void* p, sage_ctx* ctx, const sage_batch* in, sage_out* out) noexcept {
    return guarded(ctx, [&] {
      Instance<T>& self = instance<T>(p);
      CurrentRecord& current = self.context.current();
      if (in != nullptr) {
        current = {in, 0};
      }
      self.out.bind(out, kPerRecord, Batch(current.batch).size());
      const sage_status status = run(self, in == nullptr);
      if (status >= 0) {
        self.out.unbind();
      }
      return status;
    });
  }
  static sage_status on_watermark(void* p, sage_ctx* ctx, std::int64_t ts, sage_out* out) noexcept {
    return guarded(ctx, [&] {
      Instance<T>& self = instance<T>(p);
      self.context.current() = {};
      self.out.bind(out, false, 0);
      const sage_status status = status_of([&] { return self.op.on_watermark(ts, self.out); });
      if (status >= 0) {
        self.out.unbind();
      }
      return status;
    });
  }
  static const void* table() {
    static constexpr sage_role_transform kTable = [] {
      sage_role_transform t{sizeof(sage_role_transform), 0, process, nullptr};
      if constexpr (HasWatermark<T>) {
        t.on_watermark = on_watermark;
      }
      return t;
    }();
    return &kTable;
  }
};

template <class T>
struct FilterRole {
  static sage_status select(void* p, sage_ctx* ctx, const sage_batch* in,
                            std::uint64_t* keep) noexcept {
    return guarded(ctx, [&]() -> sage_status {
      Instance<T>& self = instance<T>(p);
      const Batch batch(in);
      self.context.current() = {in, 0};
      return each_or_reject(ctx, batch.size(), [&](std::uint32_t i) {
        self.context.current().index = i;
        keep[i / 64] |= std::uint64_t{self.op.filter(batch[i])} << (i % 64);
      });
    });
  }
  static const void* table() {
    static constexpr sage_role_filter kTable{sizeof(sage_role_filter), 0, select};
    return &kTable;
  }
};

template <class T>
struct PartitionRole {
  static sage_status route(void* p, sage_ctx* ctx, const sage_batch* in, std::uint32_t n,
                           std::uint32_t* target) noexcept {
    return guarded(ctx, [&]() -> sage_status {
      Instance<T>& self = instance<T>(p);
      const Batch batch(in);
      return each_or_reject(ctx, batch.size(), [&](std::uint32_t i) {
        target[i] = SAGE_NO_INDEX;  // stays, where it throws
        target[i] = self.op.partition(batch[i], n);
      });
    });
  }
  static const void* table() {
    static constexpr sage_role_partition kTable{sizeof(sage_role_partition), 0, route};
    return &kTable;
  }
};

}  // namespace sage
