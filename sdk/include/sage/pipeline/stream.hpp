// A stream of values of one type, while a program describes its pipeline. A method adds a stage, or
// says how the next one is reached, and gives the stream that comes out; used twice, it goes both
// ways. Functions run when the body has returned: lambdas capture by value. Borrows the graph.
#pragma once

#include "checked_functions.hpp"
#include "graph.hpp"
#include "io.hpp"

namespace sage {

template <Streamable T>
class Stream {
 public:
  Stream(detail::Graph& graph, std::string from, detail::More more = detail::More::kNone)
      : graph_(&graph), edge_{.from = {std::move(from)}, .more = more} {}
  // The next stage gets equal values of these members in the same instance, always.
  template <class... M>
    requires(sizeof...(M) > 0 && (std::is_member_object_pointer_v<M> && ...))
  [[nodiscard]] auto key_by(M... members) const {
    if constexpr (!detail::are_keys<T, M...>()) {
      return detail::Broken();
    } else {
      auto keyed = *this;
      keyed.edge_.key_by = {member_name<T>(members)...};
      return keyed;
    }
  }
  // The same for what `key` makes of a value: a text, an integer or a bool.
  template <class F>
    requires(!std::is_member_object_pointer_v<F>)
  [[nodiscard]] auto key_by(F key, StageOptions options = {}) const {
    using Key = typename decltype(detail::key_of<F, T>())::type;
    if constexpr (std::is_void_v<Key>) {
      return detail::Broken();
    } else {
      using Op = detail::KeyOperator<F, T, Key>;
      auto keyed =
          add<Op, T>("key", detail::copies_of(std::move(key)), beside(options), detail::More::kKey);
      keyed.edge_.key_by = {Op::kField};
      return keyed;
    }
  }
  // The next stage has `parallelism` instances; P says which gets a value.
  template <class P>
  [[nodiscard]] Stream partition_custom(StageOptions options = {}) const {
    return partition_with<P>(detail::defaults_of<P>(), options);
  }
  template <class P>
  [[nodiscard]] Stream partition_custom(P partitioner, StageOptions options = {}) const {
    return partition_with<P>(detail::copies_of(std::move(partitioner)), options);
  }
  // One value for each: a function of (const T&), or a MapFunction, as an object or a type.
  template <class F>
  auto map(F function, StageOptions options = {}) const {
    return map_with<F>(detail::copies_of(std::move(function)), options);
  }
  template <class F>
  auto map(StageOptions options = {}) const {
    return map_with<F>(detail::defaults_of<F>(), options);
  }
  // The values that a function of (const T&), or a FilterFunction, says true of.
  template <class F>
  auto filter(F function, StageOptions options = {}) const {
    return filter_with<F>(detail::copies_of(std::move(function)), options);
  }
  template <class F>
  auto filter(StageOptions options = {}) const {
    return filter_with<F>(detail::defaults_of<F>(), options);
  }
  // Any number of values for each: a function of (const T&, Collector<Out>&), a FlatMapFunction or
  // a ProcessFunction.
  template <class F>
  auto flat_map(F function, StageOptions options = {}) const {
    return flat_map_with<F>("flat_map", detail::copies_of(std::move(function)), options);
  }
  template <class F>
  auto flat_map(StageOptions options = {}) const {
    return flat_map_with<F>("flat_map", detail::defaults_of<F>(), options);
  }
  template <class F>
  auto process(F function, StageOptions options = {}) const {
    return flat_map_with<F>("process", detail::copies_of(std::move(function)), options);
  }
  template <class F>
  auto process(StageOptions options = {}) const {
    return flat_map_with<F>("process", detail::defaults_of<F>(), options);
  }
  // An operator of a plugin, "plugin/operator", that gives (at least) the fields of Out.
  template <class Out>
  auto use(const std::string& op, Values with = {}, StageOptions options = {}) const {
    if constexpr (!detail::is_record<Out>()) {
      return detail::Broken();
    } else {
      const std::string gives = ">" + detail::type_text<Out>();
      return Stream<Out>(*graph_, use_operator(op, std::move(with), options, gives),
                         detail::More::kPerhaps);
    }
  }
  // One stream of all of them; nothing is said of the order.
  template <class... Others>
  [[nodiscard]] auto union_with(const Others&... others) const {
    if constexpr (!detail::are_same<Stream, Others...>()) {
      return detail::Broken();
    } else {
      Stream joined = unkeyed();
      (joined.edge_.join(others.unkeyed().edge_), ...);
      return joined;
    }
  }
  // The records that the stage rejects; for a stage with on_error "dead_letter".
  [[nodiscard]] Stream<io::DeadLetter> errors() const {
    return {*graph_, edge_.only_stage() + ".errors"};
  }
  // The end of the stream: a sink of `sage::io`, a SinkFunction or a function of (const T&).
  template <class S>
  void sink(S sink, StageOptions options = {}) const {
    if constexpr (io::SinkConnector<S>) {
      detail::require_input<S, T>();
      if (detail::writes_all<S>() && edge_.more != detail::More::kNone) {  // the members of T alone
        const StageOptions same{.parallelism = options.parallelism};
        return exact(edge_.partition.empty() ? beside(same) : same).sink(sink, options);
      }
      use_operator(sink.use(), sink.with(), options, "");
    } else {
      sink_with<S>(detail::copies_of(std::move(sink)), options);
    }
  }
  template <class S>
  void sink(StageOptions options = {}) const {
    if constexpr (io::SinkConnector<S>) {
      sink(S(), options);
    } else {
      sink_with<S>(detail::defaults_of<S>(), options);
    }
  }

 private:
  template <class F>
  auto map_with(detail::Factory<F> make, const StageOptions& options) const {
    using Result = typename decltype(detail::map_of<F, T>())::type;
    return add<detail::MapOperator<F, T, Result>, Result>("map", std::move(make), options);
  }
  template <class F>
  auto filter_with(detail::Factory<F> make, const StageOptions& options) const {
    using Result = typename decltype(detail::filter_of<F, T>())::type;
    return add<detail::FilterOperator<F, T>, Result>("filter", std::move(make), options,
                                                     edge_.more);
  }
  template <class F>
  auto flat_map_with(const char* kind, detail::Factory<F> make, const StageOptions& options) const {
    using Result = typename decltype(detail::flat_map_of<F, T>())::type;
    return add<detail::AnyFlatMapOperator<F, T, Result>, Result>(kind, std::move(make), options);
  }
  template <class F>
  void sink_with(detail::Factory<F> make, const StageOptions& options) const {
    add<detail::SinkOperator<F, T>, typename decltype(detail::sink_of<F, T>())::type>(
        "sink", std::move(make), options);
  }
  template <class P>
  Stream partition_with(detail::Factory<P> make, const StageOptions& options) const {
    Stream parted = unkeyed();
    if constexpr (!std::is_void_v<typename decltype(detail::partitioner_of<P, T>())::type>) {
      using Op = detail::PartitionOperator<P, T>;
      parted.edge_.divide(graph_->add_operator<Op>("partition", std::move(make), false), options);
    }
    return parted;
  }
  // A stage of the program's own; Result void: the function does not fit, which has been said.
  template <class Op, class Result, class Make>
  auto add(const char* kind, Make make, const StageOptions& options, detail::More more = {}) const {
    if constexpr (std::is_void_v<Result>) {
      return detail::Broken();
    } else {
      const std::string use = graph_->add_operator<Op>(kind, std::move(make), options.may_block);
      const std::string types = detail::type_text<T>() + ">" + detail::type_text<Result>();
      return Stream<Result>(*graph_, graph_->add(edge_.to(use, options, types), kind), more);
    }
  }
  std::string use_operator(const std::string& op, Values with, const StageOptions& options,
                           const std::string& gives) const {
    detail::StageNode node = plain().edge_.to(op, options, detail::type_text<T>() + gives);
    node.with = std::move(with);
    return graph_->add(std::move(node), detail::last_part(op));
  }
  // Without the field of a computed key, which is no member of T; the next stage may need it.
  Stream plain() const {
    return edge_.more == detail::More::kKey && edge_.key_by.empty() ? exact(beside()) : *this;
  }
  Stream exact(const StageOptions& options) const {
    return add<detail::MapOperator<std::identity, T, T>, T>(
        "fields", detail::copies_of(std::identity()), options);
  }
  Stream unkeyed() const { return edge_.require_undivided(), plain(); }
  StageOptions beside(const StageOptions& o = {}) const { return graph_->beside(edge_.from, o); }
  detail::Graph* graph_;
  detail::Edge edge_;
};

}  // namespace sage
