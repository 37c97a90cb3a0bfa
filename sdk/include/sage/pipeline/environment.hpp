// Where a program's pipeline begins. Handed to the body of SAGE_PIPELINE, and only good inside it.
#pragma once

#include "stream.hpp"

namespace sage {

class LocalEnvironment {
 public:
  explicit LocalEnvironment(detail::Graph& graph) : graph_(graph) {}
  LocalEnvironment(const LocalEnvironment&) = delete;
  LocalEnvironment& operator=(const LocalEnvironment&) = delete;

  // The whole configuration: what is not given is as if it had never been said.
  void configure(PipelineConfig config) { graph_.configure(std::move(config)); }

  // A source of `sage::io`, or a SourceFunction.
  template <class S>
  auto from_source(S source, StageOptions options = {}) {
    if constexpr (io::SourceConnector<S>) {
      return from_connector(source, options);
    } else {
      return from_function<S>(detail::copies_of(std::move(source)), options);
    }
  }
  template <class S>
  auto from_source(StageOptions options = {}) {
    if constexpr (io::SourceConnector<S>) {
      return from_connector(S(), options);
    } else {
      return from_function<S>(detail::defaults_of<S>(), options);
    }
  }
  // A source of a plugin, "plugin/operator", that gives (at least) the fields of Out.
  template <class Out>
  auto use(const std::string& op, Values with = {}, StageOptions options = {}) {
    if constexpr (!detail::is_record<Out>()) {
      return detail::Broken();
    } else {
      detail::StageNode node;
      node.use = op;
      node.with = std::move(with);
      node.types = ">" + detail::type_text<Out>();
      node.options = std::move(options);
      return Stream<Out>(graph_, graph_.add(std::move(node), detail::last_part(op)),
                         detail::More::kPerhaps);
    }
  }

 private:
  template <io::SourceConnector S>
  auto from_connector(const S& source, StageOptions options) {
    if constexpr (!detail::is_record<typename S::Output>()) {
      return detail::Broken();
    } else {
      return use<typename S::Output>(source.use(), source.with(), std::move(options));
    }
  }
  template <class F>
  auto from_function(detail::Factory<F> make, const StageOptions& options) {
    using Result = typename decltype(detail::source_of<F>())::type;
    if constexpr (std::is_void_v<Result>) {
      return detail::Broken();
    } else {
      using Op = detail::SourceOperator<F, Result>;
      const std::string op = graph_.add_operator<Op>("source", std::move(make), options.may_block);
      return use<Result>(op, {}, options);
    }
  }

  detail::Graph& graph_;
};

}  // namespace sage
