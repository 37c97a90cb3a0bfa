// What the functions given to a stream take and give; void where they do not fit it.

#pragma once

#include "typed_ends.hpp"
#include "typed_operators.hpp"
#include "value.hpp"

namespace sage::detail {

template <class F>
concept FunctionClass = requires { typename F::Input; };

template <class F, class T>
struct MapOf {
  using type = void;
};
template <class F, class T>
  requires std::derived_from<F, MapFunction<T, typename F::Output>>
struct MapOf<F, T> {
  using type = typename F::Output;
};
template <class F, class T>
  requires(!FunctionClass<F> && Streamable<std::remove_cvref_t<std::invoke_result_t<F&, const T&>>>)
struct MapOf<F, T> {
  using type = std::remove_cvref_t<std::invoke_result_t<F&, const T&>>;
};

template <class F, class T>
struct FilterOf {
  using type = void;
};
template <class F, class T>
  requires(std::derived_from<F, FilterFunction<T>> ||
           (!FunctionClass<F> && std::is_invocable_r_v<bool, F&, const T&>))
struct FilterOf<F, T> {
  using type = T;
};

// Out of a function or lambda (const In&, sage::Collector<Out>&).
template <class Call>
struct CollectorOf {
  using type = void;
};
template <class Call>
  requires requires { &Call::operator(); }
struct CollectorOf<Call> : CollectorOf<decltype(&Call::operator())> {};
template <class R, class In, class Out, bool N>
struct CollectorOf<R (*)(In, Collector<Out>&) noexcept(N)> {
  using type = Out;
};
template <class C, class R, class In, class Out, bool N>
struct CollectorOf<R (C::*)(In, Collector<Out>&) const noexcept(N)> {
  using type = Out;
};
template <class C, class R, class In, class Out, bool N>
struct CollectorOf<R (C::*)(In, Collector<Out>&) noexcept(N)> {
  using type = Out;
};

template <class F, class T>
struct FlatMapOf {
  using type = void;
};
template <class F, class T>
  requires(std::derived_from<F, FlatMapFunction<T, typename F::Output>> ||
           std::derived_from<F, ProcessFunction<T, typename F::Output>>)
struct FlatMapOf<F, T> {
  using type = typename F::Output;
};
template <class F, class T>
  requires(!FunctionClass<F> && Streamable<typename CollectorOf<F>::type> &&
           std::is_invocable_v<F&, const T&, Collector<typename CollectorOf<F>::type>&>)
struct FlatMapOf<F, T> {
  using type = typename CollectorOf<F>::type;
};

template <class F>
struct SourceOf {
  using type = void;
};
template <class F>
  requires(std::derived_from<F, SourceFunction<typename F::Output>> &&
           Streamable<typename F::Output>)
struct SourceOf<F> {
  using type = typename F::Output;
};

template <class F, class T>
struct SinkOf {
  using type = void;
};
template <class F, class T>
  requires(std::derived_from<F, SinkFunction<T>> ||
           (!FunctionClass<F> && std::is_invocable_v<F&, const T&>))
struct SinkOf<F, T> {
  using type = T;
};

template <class F, class T>
struct PartitionerOf {
  using type = void;
};
template <class F, class T>
  requires std::derived_from<F, Partitioner<T>>
struct PartitionerOf<F, T> {
  using type = T;
};

// A key that is computed, as it is kept.
template <class F, class T>
struct KeyOf {
  using type = void;
};
template <class F, class T>
  requires std::convertible_to<std::invoke_result_t<F&, const T&>, std::string_view>
struct KeyOf<F, T> {
  using type = std::string;
};
template <class F, class T>
  requires std::integral<std::remove_cvref_t<std::invoke_result_t<F&, const T&>>>
struct KeyOf<F, T> {
  using Result = std::remove_cvref_t<std::invoke_result_t<F&, const T&>>;
  using type = std::conditional_t<std::is_same_v<Result, bool>, bool, std::int64_t>;
};

}  // namespace sage::detail
