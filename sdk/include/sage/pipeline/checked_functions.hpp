// The types of function_types.hpp, with one readable message of the compiler where there is none.
// And how an instance gets a function of its own.
#pragma once

#include "function_types.hpp"

namespace sage::detail {

struct Broken;

template <class F, class T>
auto map_of() {
  using Type = typename MapOf<F, T>::type;
  static_assert(
      !std::is_void_v<Type>,
      "sage: map() takes a function of (const T&), or a MapFunction<T, Out>, where T is the type "
      "of the stream and the result is a struct with SAGE_RECORD and a default constructor, or a "
      "field value");
  return std::type_identity<Type>();
}
template <class F, class T>
auto filter_of() {
  using Type = typename FilterOf<F, T>::type;
  static_assert(!std::is_void_v<Type>,
                "sage: filter() takes a bool function of (const T&), or a FilterFunction<T>, where "
                "T is the type of the stream");
  return std::type_identity<Type>();
}
template <class F, class T>
auto flat_map_of() {
  using Type = typename FlatMapOf<F, T>::type;
  static_assert(
      !std::is_void_v<Type>,
      "sage: flat_map() and process() take a function of (const T&, sage::Collector<Out>&), a "
      "FlatMapFunction<T, Out> or a ProcessFunction<T, Out>, where T is the type of the stream and "
      "Out a struct with SAGE_RECORD and a default constructor, or a field value");
  return std::type_identity<Type>();
}
template <class F>
auto source_of() {
  using Type = typename SourceOf<F>::type;
  static_assert(!std::is_void_v<Type>,
                "sage: from_source() takes a source of sage::io, or a SourceFunction<T> where T is "
                "a struct with SAGE_RECORD and a default constructor, or a field value");
  return std::type_identity<Type>();
}
template <class F, class T>
auto sink_of() {
  using Type = typename SinkOf<F, T>::type;
  static_assert(!std::is_void_v<Type>,
                "sage: sink() takes a sink of sage::io, a SinkFunction<T> or a function of (const "
                "T&), where T is the type of the stream");
  return std::type_identity<Type>();
}
template <class F, class T>
auto partitioner_of() {
  using Type = typename PartitionerOf<F, T>::type;
  static_assert(
      !std::is_void_v<Type>,
      "sage: partition_custom() takes a Partitioner<T>, where T is the type of the stream");
  return std::type_identity<Type>();
}
template <class M, class T>
inline constexpr bool kIsKey = false;
template <class C, class M, class T>
  requires(std::derived_from<T, C> && FieldValue<M> && !is_list(kTypeOf<typename ViewOf<M>::type>))
inline constexpr bool kIsKey<M C::*, T> = true;

template <class T, class... M>
constexpr bool are_keys() {
  constexpr bool kFits = (kIsKey<M, T> && ...);
  static_assert(kFits,
                "sage: key_by() takes members of the struct that flows here; a list is no key");
  return kFits;
}
template <class F, class T>
auto key_of() {
  using Type = typename KeyOf<F, T>::type;
  static_assert(!std::is_void_v<Type>,
                "sage: key_by() takes members, or a function of (const T&) that gives a text, an "
                "integer or a bool");
  return std::type_identity<Type>();
}

template <class T>
constexpr bool is_record() {
  static_assert(Streamable<T>,
                "sage: what a stream carries is a struct with SAGE_RECORD behind it and a default "
                "constructor, or a field value such as std::string");
  return Streamable<T>;
}
template <class Stream, class... Others>
constexpr bool are_same() {
  constexpr bool kSame = (std::is_same_v<Others, Stream> && ...);
  static_assert(kSame || (std::is_same_v<Others, Broken> || ...),
                "sage: union_with() takes streams of the same type");
  return kSame;
}
// Of a sink that says what it takes.
template <class Sink, class T>
constexpr void require_input() {
  if constexpr (requires { typename Sink::Input; }) {
    static_assert(std::is_same_v<typename Sink::Input, T>,
                  "sage: the sink takes records of another type than the stream carries");
  }
}

// Each instance gets a copy of the object.
template <class F>
Factory<F> copies_of(F function) {
  static_assert(std::copy_constructible<F>,
                "sage: an object is copied for each instance; of one that cannot be copied give "
                "the type, as in map<F>()");
  if constexpr (std::copy_constructible<F>) {
    return [function = std::move(function)] { return std::make_unique<F>(function); };
  } else {
    return nullptr;
  }
}
template <class F>
Factory<F> defaults_of() {
  static_assert(std::default_initializable<F>,
                "sage: a type without a default constructor is given as an object, as in "
                "map(F(args))");
  if constexpr (std::default_initializable<F>) {
    return [] { return std::make_unique<F>(); };
  } else {
    return nullptr;
  }
}

// What a wrong call returns, so that one mistake is one message.
struct Broken {
  Broken map(const auto&, const StageOptions& = {}) const { return {}; }
  template <class>
  Broken map(const StageOptions& = {}) const {
    return {};
  }
  Broken filter(const auto&, const StageOptions& = {}) const { return {}; }
  template <class>
  Broken filter(const StageOptions& = {}) const {
    return {};
  }
  Broken flat_map(const auto&, const StageOptions& = {}) const { return {}; }
  template <class>
  Broken flat_map(const StageOptions& = {}) const {
    return {};
  }
  Broken process(const auto&, const StageOptions& = {}) const { return {}; }
  template <class>
  Broken process(const StageOptions& = {}) const {
    return {};
  }
  Broken partition_custom(const auto&, const StageOptions& = {}) const { return {}; }
  template <class>
  Broken partition_custom(const StageOptions& = {}) const {
    return {};
  }
  template <class>
  Broken use(const std::string&, const Values& = {}, const StageOptions& = {}) const {
    return {};
  }
  Broken key_by(const auto&...) const { return {}; }
  Broken errors() const { return {}; }
  Broken union_with(const auto&...) const { return {}; }
  void sink(const auto&, const StageOptions& = {}) const {}
  template <class>
  void sink(const StageOptions& = {}) const {}
};

}  // namespace sage::detail
