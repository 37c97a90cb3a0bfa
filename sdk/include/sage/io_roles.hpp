// The functions behind the role tables of sources and sinks, and the schema role.
#pragma once

#include "roles.hpp"

namespace sage {

template <class T>
struct SourceRole {
  static sage_status poll(void* p, sage_ctx* ctx, std::uint32_t max, sage_out* out) noexcept {
    return guarded(ctx, [&] {
      Instance<T>& self = instance<T>(p);
      self.context.current() = {};
      self.out.bind(out, false, max);
      const Poll result = self.op.poll(self.out, max);
      self.out.unbind();
      return static_cast<sage_status>(result);
    });
  }
  static const void* table() {
    static constexpr sage_role_source kTable{sizeof(sage_role_source), 0, poll};
    return &kTable;
  }
};

template <class T>
struct SinkRole {
  static sage_status write(void* p, sage_ctx* ctx, const sage_batch* in) noexcept {
    return guarded(ctx, [&]() -> sage_status {
      Instance<T>& self = instance<T>(p);
      self.context.current() = {in, 0};
      if constexpr (HasWriteBatch<T>) {
        return status_of([&] { return self.op.write(Batch(in)); });
      } else {
        const Batch batch(in);
        return each_or_reject(ctx, batch.size(), [&](std::uint32_t i) {
          self.context.current().index = i;
          self.op.write(batch[i]);
        });
      }
    });
  }
  static sage_status prepare(void* p, sage_ctx* ctx, sage_bytes* handle) noexcept {
    return guarded(ctx, [&]() -> sage_status {
      Instance<T>& self = instance<T>(p);
      if constexpr (HasPrepare<T>) {
        self.handle = self.op.prepare();
      }
      *handle = {reinterpret_cast<const std::uint8_t*>(self.handle.data()), self.handle.size()};
      return SAGE_OK;
    });
  }
  static sage_status commit(void* p, sage_ctx* ctx, sage_bytes handle) noexcept {
    return guarded(ctx, [&]() -> sage_status {
      if constexpr (HasCommit<T>) {
        instance<T>(p).op.commit(as_text(BytesView(handle.ptr, handle.len)));
      }
      return SAGE_OK;
    });
  }
  static sage_status abort(void* p, sage_ctx* ctx) noexcept {
    return guarded(ctx, [&]() -> sage_status {
      instance<T>(p).op.abort();
      return SAGE_OK;
    });
  }
  static const void* table() {
    static constexpr sage_role_sink kTable = [] {
      sage_role_sink t{sizeof(sage_role_sink), 0, write, prepare, commit, nullptr};
      if constexpr (HasAbort<T>) {
        t.abort = abort;
      }
      return t;
    }();
    return &kTable;
  }
};

template <class T>
struct SchemaRole {
  static sage_status resolve(const sage_operator*, const sage_config* config,
                             sage_resolve* request) noexcept {
    const auto fail = [&](sage_status code, const char* message) {
      request->error(request, "", message, nullptr);
      return code < 0 ? code : SAGE_E_CONFIG;
    };
    try {
      Resolve resolve(request);
      T::resolve(resolve, Config(config));
      return resolve.failed() ? SAGE_E_CONFIG : SAGE_OK;
    } catch (const Failure& e) {
      return fail(e.code(), e.what());
    } catch (const std::exception& e) {
      return fail(SAGE_E_FAIL, e.what());
    } catch (...) {
      return fail(SAGE_E_FAIL, "an exception of unknown type");
    }
  }
  static const void* table() {
    static constexpr sage_role_schema kTable{sizeof(sage_role_schema), 0, resolve};
    return &kTable;
  }
};

}  // namespace sage
