// What a class must have to play a role; the thunks in roles.hpp are chosen by these.
#pragma once

#include "context.hpp"
#include "options.hpp"
#include "out.hpp"
#include "resolve.hpp"

#include <concepts>
#include <string>
#include <string_view>

namespace sage {

// What a source found.
enum class Poll : sage_status { kOk = SAGE_OK, kIdle = SAGE_IDLE, kEnd = SAGE_END };

template <class T>
concept HasFilter = requires(T t, Record r) {
  { t.filter(r) } -> std::same_as<bool>;
};
template <class T>
concept HasMap = requires(T t, Record r, Row& row) { t.map(r, row); };
template <class T>
concept HasFlatMap = requires(T t, Record r, Out& out) { t.flat_map(r, out); };
template <class T>
concept HasProcess = requires(T t, Batch b, Out& out) { t.process(b, out); };
template <class T>
concept HasPartition = requires(T t, Record r, std::uint32_t n) {
  { t.partition(r, n) } -> std::convertible_to<std::uint32_t>;
};
template <class T>
concept HasPoll = requires(T t, Out& out, std::uint32_t max) {
  { t.poll(out, max) } -> std::same_as<Poll>;
};
template <class T>
concept HasWriteRecord = requires(T t, Record r) { t.write(r); };
template <class T>
concept HasWriteBatch = requires(T t, Batch b) { t.write(b); };

template <class T>
concept IsTransform = HasMap<T> || HasFlatMap<T> || HasProcess<T>;
template <class T>
concept IsSink = HasWriteRecord<T> || HasWriteBatch<T>;

template <class T>
concept HasPrototype = requires { typename T::Prototype; };
template <class T>
concept HasResolve = requires(Resolve& r, const Config& c) { T::resolve(r, c); };
template <class T>
concept HasOptions = requires {
  { T::options() } -> std::same_as<std::vector<Option>>;
};
template <class T>
concept HasOpen = requires(T t, Context& ctx) { t.open(ctx); };
template <class T>
concept HasFinish = requires(T t, Out& out) { t.finish(out); };
template <class T>
concept HasWatermark = requires(T t, std::int64_t ts, Out& out) { t.on_watermark(ts, out); };
template <class T>
concept HasClose = requires(T t) { t.close(); };
template <class T>
concept HasInterrupt = requires(T t) { t.interrupt(); };
template <class T>
concept HasPrepare = requires(T t) {
  { t.prepare() } -> std::convertible_to<std::string>;
};
template <class T>
concept HasCommit = requires(T t, std::string_view handle) { t.commit(handle); };
template <class T>
concept HasAbort = requires(T t) { t.abort(); };

template <class T>
inline constexpr int kDataRoles =
    HasFilter<T> + IsTransform<T> + HasPartition<T> + HasPoll<T> + IsSink<T>;

}  // namespace sage
