// Nothing thrown leaves the plugin: exceptions become the status of a call or the error of a
// record.
#pragma once

#include "error.hpp"

#include <new>

namespace sage {

inline sage_status report(sage_ctx* ctx, sage_status code, std::string_view message) noexcept {
  ctx->set_error(ctx, message.data(), message.size());
  return code < 0 ? code : SAGE_E_FAIL;
}

// Inside a catch block: the status that the call returns.
inline sage_status report_exception(sage_ctx* ctx) noexcept {
  try {
    throw;
  } catch (const Failure& e) {
    return report(ctx, e.code(), e.what());
  } catch (const RecordError& e) {
    return report(ctx, e.code(), e.what());
  } catch (const std::bad_alloc&) {
    return report(ctx, SAGE_E_NOMEM, "out of memory");
  } catch (const std::exception& e) {
    return report(ctx, SAGE_E_FAIL, e.what());
  } catch (...) {
    return report(ctx, SAGE_E_FAIL, "an exception of unknown type");
  }
}

// Inside a catch block of a per-record method: rejects the record; a Failure is thrown on. A
// negative status ends the call.
inline sage_status reject_exception(sage_ctx* ctx, std::uint32_t index) {
  const auto reject = [&](sage_status code, std::string_view message) {
    return ctx->reject(ctx, index, {}, code < 0 ? code : SAGE_E_FAIL, message.data(),
                       message.size());
  };
  try {
    throw;
  } catch (const Failure&) {
    throw;
  } catch (const RecordError& e) {
    return reject(e.code(), e.what());
  } catch (const std::bad_alloc&) {
    return reject(SAGE_E_NOMEM, "out of memory");
  } catch (const std::exception& e) {
    return reject(SAGE_E_FAIL, e.what());
  } catch (...) {
    return reject(SAGE_E_FAIL, "an exception of unknown type");
  }
}

// Calls call(i) for the records 0 .. n-1; one that throws is rejected, and the rest go on.
template <class Call>
sage_status each_or_reject(sage_ctx* ctx, std::uint32_t n, Call call) {
  for (std::uint32_t i = 0; i < n; ++i) {
    try {
      call(i);
    } catch (...) {
      if (const sage_status s = reject_exception(ctx, i); s < 0) {
        return s;
      }
    }
  }
  return SAGE_OK;
}

template <class Call>
sage_status guarded(sage_ctx* ctx, Call call) noexcept {
  try {
    return call();
  } catch (...) {
    return report_exception(ctx);
  }
}

// What a method that may return nothing or a status returned.
template <class Call>
sage_status status_of(Call call) {
  if constexpr (std::is_void_v<decltype(call())>) {
    call();
    return SAGE_OK;
  } else {
    return static_cast<sage_status>(call());
  }
}

}  // namespace sage
