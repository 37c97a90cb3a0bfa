// Calls one operator through its tables, as an engine would: life cycle, data roles, the rule that
// a failed call leaves no output. Harness, in testkit.hpp, is what tests use.
#pragma once

#include "../plugin.hpp"
#include "host.hpp"
#include "input.hpp"
#include "lint.hpp"

namespace sage::testkit {

class Driver {
 public:
  Driver(const sage_operator& op, Host& host, Output& output)
      : op_(op), host_(host), output_(output) {}
  ~Driver() {
    if (open_ && op_.close != nullptr) {
      op_.close(self_, host_.ctx());
    }
    if (self_ != nullptr) {
      op_.destroy(self_);
    }
  }
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  void start(const sage_config* config, bool open) {
    call([&] { return op_.create(&op_, host_.ctx(), config, &self_); });
    if (!open) {
      return;
    }
    if (op_.open != nullptr) {
      call([&] { return op_.open(self_, host_.ctx()); });
    }
    open_ = true;
  }
  // A batch of one's own making.
  void give(const sage_batch* batch) {
    if (const auto* t = role<sage_role_transform>(SAGE_ROLE_TRANSFORM); t != nullptr) {
      return run_transform(*t, batch);
    }
    if (const auto* f = role<sage_role_filter>(SAGE_ROLE_FILTER); f != nullptr) {
      std::vector<std::uint64_t> keep((Batch(batch).size() + 63) / 64);
      call([&] { return f->select(self_, host_.ctx(), batch, keep.data()); });
      for (std::uint32_t i = 0; i < Batch(batch).size(); ++i) {
        if ((keep[i / 64] >> (i % 64) & 1) != 0) {
          output_.add(0, Batch(batch)[i]);
        }
      }
      return;
    }
    if (const auto* p = role<sage_role_partition>(SAGE_ROLE_PARTITION); p != nullptr) {
      targets.resize(Batch(batch).size());
      call([&] { return p->route(self_, host_.ctx(), batch, n_targets, targets.data()); });
      return;
    }
    const auto* s = role<sage_role_sink>(SAGE_ROLE_SINK);
    call([&] { return s->write(self_, host_.ctx(), batch); });
  }
  // One poll of a source.
  sage_status poll(std::uint32_t max) {
    const auto* s = role<sage_role_source>(SAGE_ROLE_SOURCE);
    return call([&] { return s->poll(self_, host_.ctx(), max, output_.table()); });
  }
  void watermark(std::int64_t ts) {
    const auto* t = role<sage_role_transform>(SAGE_ROLE_TRANSFORM);
    if (t != nullptr && t->on_watermark != nullptr) {
      while (call([&] { return t->on_watermark(self_, host_.ctx(), ts, output_.table()); }) ==
             SAGE_MORE) {
      }
    }
  }
  // All input has ended: finish; a sink prepares and commits.
  void end() {
    finish();
    if (role<sage_role_sink>(SAGE_ROLE_SINK) != nullptr) {
      commit(prepare());
    }
  }
  void finish() {
    while (op_.finish != nullptr &&
           call([&] { return op_.finish(self_, host_.ctx(), output_.table()); }) == SAGE_MORE) {
    }
  }
  // Of a sink; returns a copy of its handle.
  std::string prepare() {
    const auto* s = role<sage_role_sink>(SAGE_ROLE_SINK);
    sage_bytes handle{};
    call([&] { return s->prepare(self_, host_.ctx(), &handle); });
    return std::string(as_text(BytesView(handle.ptr, handle.len)));
  }
  void commit(const std::string& handle) {
    const auto* s = role<sage_role_sink>(SAGE_ROLE_SINK);
    call([&] { return s->commit(self_, host_.ctx(), {as_bytes(handle).data(), handle.size()}); });
  }
  void abort() {
    const auto* s = role<sage_role_sink>(SAGE_ROLE_SINK);
    if (s != nullptr && s->abort != nullptr) {
      call([&] { return s->abort(self_, host_.ctx()); });
    }
  }

  void* self() const { return self_; }

  std::uint32_t n_targets = 4;  // of a partitioner
  std::vector<std::uint32_t> targets;
  std::uint32_t forwarded = 0;  // calls that answered FORWARD or IN_PLACE

 private:
  template <class Role>
  const Role* role(const char* id) const {
    return static_cast<const Role*>(op_.get_role(&op_, id));
  }
  template <class Call>
  sage_status call(Call c) {
    output_.begin_call();
    const sage_status status = c();
    output_.end_call(status >= 0);
    if (status < 0) {
      throw Failure(status, host_.error());
    }
    return status;
  }
  void run_transform(const sage_role_transform& role, const sage_batch* batch) {
    const sage_batch* in = batch;
    sage_status status = SAGE_MORE;
    while (status == SAGE_MORE) {
      status = call([&] { return role.process(self_, host_.ctx(), in, output_.table()); });
      in = nullptr;
    }
    if (status == SAGE_FORWARD || status == SAGE_IN_PLACE) {
      ++forwarded;
      for (std::uint32_t i = 0; i < Batch(batch).size(); ++i) {
        output_.add(0, Batch(batch)[i]);
      }
    }
  }

  const sage_operator& op_;
  Host& host_;
  Output& output_;
  void* self_ = nullptr;
  bool open_ = false;
};

}  // namespace sage::testkit
